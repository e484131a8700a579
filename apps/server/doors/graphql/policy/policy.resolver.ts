import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { WorkspaceId } from '@gatebook/protocol';
import * as v from 'valibot';
import { parse } from 'yaml';
import { readCatalogue, type CatalogueReading } from '#domain/catalogue/catalogue';
import type { InstallationCommand } from '#domain/installation/installation';
import { KNOB_NAMES, type KnobName } from '#domain/policy/knobs';
import { readPolicy, type PolicyReading } from '#domain/policy/policy';
import { noTightening, type Tightening } from '#domain/policy/tighten';
import { tighteningSchema } from '#domain/policy/tightening';
import { DeclaredText, linesOf, mistakesOf } from '../../../config/declared-text.ts';
import { Commands, refused, type Sent } from '../commands.ts';
import { shownCatalogue } from '../installation/shown.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { digestOfInput } from '../rights.ts';
import { invalidInput, staleRevision, stepUpRequired, userErrorFrom, type UserError } from '../user-errors.ts';
import {
  ChangeCatalogueInput,
  ChangeCataloguePayload,
  ChangePolicyInput,
  ChangePolicyPayload,
  Policy,
  TightenPolicyInput,
  TightenPolicyPayload,
} from './policy.types.ts';
import { shownPolicy } from './shown.ts';

@Resolver(() => Policy)
export class PolicyResolver {
  constructor(
    private readonly commands: Commands,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('policy')
  @Query(() => Policy, { description: 'The settings that are in force in a workspace, and where each comes from.' })
  policy(@Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string): Promise<Policy> {
    return this.#inForce(workspaceId as WorkspaceId);
  }

  @May('tightenPolicy')
  @Mutation(() => TightenPolicyPayload, {
    description: 'Makes settings stricter for a workspace, or goes back to the vendor’s (owners and admins).',
  })
  async tightenPolicy(
    @Args('input', { description: 'Which settings.' }) input: TightenPolicyInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<TightenPolicyPayload> {
    const change = changeFrom(input);
    if ('errors' in change) return { position: null, userErrors: change.errors, policy: null };
    const command = { type: 'TightenPolicy' as const, by: principal.person, ...change };
    const sent = await this.commands.send(input, principal, command);
    return {
      ...sent,
      policy: sent.userErrors.length > 0 ? null : await this.#inForce(input.workspaceId as WorkspaceId),
    };
  }

  @May('changePolicy')
  @Mutation(() => ChangePolicyPayload, {
    description:
      'Makes the installation’s settings stricter at once (leads). What loosens them is the operator’s file.',
  })
  async changePolicy(
    @Args('input', { description: 'The policy.' }) input: ChangePolicyInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<ChangePolicyPayload> {
    const text = new DeclaredText('policy', input.policy);
    const reading = readPolicy(text.content);
    const sent =
      text.syntax.length > 0 || reading.kind === 'mistakes'
        ? mistaken(text, reading)
        : await this.#change(input, principal, { type: 'ChangePolicy', policy: reading.policy, by: 'lead' });
    const { installation } = this.door.desk.outside;
    return { ...sent, policy: sent.userErrors.length > 0 ? null : shownPolicy(installation.policy, noTightening) };
  }

  @May('changeCatalogue')
  @Mutation(() => ChangeCataloguePayload, {
    description: 'Closes pages, actions or fields at once (leads). What opens something is the operator’s file.',
  })
  async changeCatalogue(
    @Args('input', { description: 'The catalogue.' }) input: ChangeCatalogueInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<ChangeCataloguePayload> {
    const text = new DeclaredText('catalogue', input.catalogue);
    const reading = readCatalogue(text.content);
    const sent =
      text.syntax.length > 0 || reading.kind === 'mistakes'
        ? mistaken(text, reading)
        : await this.#change(input, principal, { type: 'ChangeCatalogue', catalogue: reading.catalogue, by: 'lead' });
    return {
      ...sent,
      catalogue: sent.userErrors.length > 0 ? null : shownCatalogue(this.door.desk.outside.installation),
    };
  }

  async #inForce(workspaceId: WorkspaceId): Promise<Policy> {
    const { desk } = this.door;
    const { state } = await desk.look(workspaceId);
    return shownPolicy(desk.outside.installation.policy, state.tightening);
  }

  /** A change of the installation, by somebody who has just proved who they are; a refusal is a line in their own book. */
  async #change(
    input: ChangePolicyInput | ChangeCatalogueInput,
    { staffId, authTime, person }: Principal,
    command: InstallationCommand,
  ): Promise<Sent> {
    const { desk } = this.door;
    if (staffId === undefined)
      throw new Error('The guard let somebody change the installation who is no staff member.');
    const { identityMaxAgeSeconds } = desk.outside.installation.policy.session;
    if (authTime === null || desk.clock.now() - authTime > identityMaxAgeSeconds * 1000) {
      return { position: null, userErrors: [stepUpRequired(identityMaxAgeSeconds)] };
    }
    const actor = { kind: 'staff' as const, id: staffId };
    const caller = {
      actor,
      commandId: input.commandId,
      commandDigest: digestOfInput(command.type, actor, input),
      ...(input.expectedRevision != null && { expectedRevision: input.expectedRevision }),
    };
    const outcome = await desk.handleInstallation(command, caller);
    if (outcome.kind === 'accepted' || outcome.kind === 'repeated')
      return { position: outcome.position, userErrors: [] };
    if (outcome.kind === 'stale') return refused(staleRevision(outcome.currentRevision), outcome.position);
    await desk.denials.record({
      subject: staffId,
      attempt: {
        command: command.type,
        label: command.type === 'ChangePolicy' ? 'change the policy' : 'change the catalogue',
      },
      refusal: outcome.refusal,
      sessionId: null,
      caller,
      presenter: { subject: staffId, name: person.name },
    });
    return refused(userErrorFrom(outcome.refusal, 'workspace'), outcome.position);
  }
}

/** What a text holds; what can't be read is no group of settings, and said to be none. */
function contentOf(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

/** Every mistake by itself, behind its line and column. */
function mistaken(text: DeclaredText, reading: PolicyReading | CatalogueReading): Sent {
  const lines = linesOf(
    text.name,
    mistakesOf(text, () => reading),
  );
  return { position: null, userErrors: lines.map((line) => invalidInput(['input', text.name], line)) };
}

function changeFrom({
  set,
  clear,
}: TightenPolicyInput): { readonly set: Tightening; readonly cleared: readonly KnobName[] } | { errors: UserError[] } {
  const values = Object.fromEntries((set ?? []).map(({ name, value }) => [name, contentOf(value)]));
  const parsed = v.safeParse(tighteningSchema, values);
  const cleared = (clear ?? []).map((name) => KNOB_NAMES.find((known) => known === name));
  const errors = [
    ...(parsed.issues ?? []).map((issue) => {
      const path = (issue.path ?? []).map(({ key }) => String(key)).join('.');
      return invalidInput(['input', 'set'], `${path}: ${issue.message}.`);
    }),
    ...(clear ?? [])
      .filter((_, n) => cleared[n] === undefined)
      .map((name) => invalidInput(['input', 'clear'], `${name}: there is no such setting.`)),
  ];
  if (!parsed.success || errors.length > 0) return { errors };
  return { set: parsed.output, cleared: cleared.filter((name) => name !== undefined) };
}
