import { Inject } from '@nestjs/common';
import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import {
  isTypedId,
  type MemberId,
  type RequestId,
  type SessionId,
  type StaffId,
  type WorkspaceId,
} from '@gatebook/protocol';
import { underItsPolicy } from '#domain/book/context';
import type { BookCommand } from '#domain/book/decide';
import { exactObject, pathInWords, type NotExact } from '#domain/exact-json';
import type { GrantedOtherwise } from '#domain/request/approve-access';
import { grantIdOf, requestWith } from '#domain/request/request';
import type { DecidingPerson } from '#domain/request/rules';
import { EVERYTHING } from '#wording/wording';
import { caseNamed, requestIdOf } from '../../../desk/identity.ts';
import { challenge } from '../challenge.ts';
import { Commands, refused, type CommandInput } from '../commands.ts';
import { Identities } from '../identities.ts';
import { ArgumentChoices } from '../installation/installation.types.ts';
import { shownChoices } from '../installation/shown.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { Cursors, PageArgs, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext, Principal } from '../principal.ts';
import { Rights } from '../rights.ts';
import { invalidInput, stepUpRequired } from '../user-errors.ts';
import { Requests } from './requests.ts';
import {
  ApproveAccessInput,
  AskForInformationInput,
  ConfirmScopeInput,
  DeclineAccessInput,
  GiveInformationInput,
  RequestAccessInput,
  WithdrawAccessInput,
  type GrantedOtherwiseInput,
  type RequestInput,
} from './request.inputs.ts';
import {
  AccessRequest,
  AccessRequestConnection,
  AccessRequestsArgs,
  ApproveAccessPayload,
  AskForInformationPayload,
  ConfirmScopePayload,
  DeclineAccessPayload,
  GiveInformationPayload,
  RequestAccessPayload,
  VendorRequestsArgs,
  WithdrawAccessPayload,
  type AccessRequestPayload,
} from './request.types.ts';
import { namesOfWorkspaces } from '../workspace/names.ts';

const OPEN = ['waiting', 'information asked'] as const;

@Resolver(() => AccessRequest)
export class RequestResolver {
  readonly #names = namesOfWorkspaces(() => this.door.tables);

  constructor(
    private readonly commands: Commands,
    private readonly requests: Requests,
    private readonly rights: Rights,
    private readonly identities: Identities,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('accessRequests')
  @Query(() => AccessRequestConnection, { description: 'What was asked for in a workspace, the newest first.' })
  async accessRequests(
    @Args() args: AccessRequestsArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<Connection<AccessRequest>> {
    await this.rights.waitFor(args.minPosition);
    const { workspaceId, onlyOpen } = args;
    const decided = await this.rights.decisionsReadIn(workspaceId as WorkspaceId, principal);
    const query = {
      workspaceId,
      ...(onlyOpen === true && { phases: OPEN }),
      ...(decided !== 'all' && { openOrDecidedBy: decided }),
    };
    const list = `requests ${workspaceId} ${onlyOpen === true} ${decided}`;
    const identity = await this.identities.shownTo(principal, workspaceId);
    const page = await this.requests.page(query, this.cursors.pageFrom(list, args), identity);
    return this.cursors.connection(list, page, () => this.requests.count(query));
  }

  @May('myRequests')
  @Query(() => AccessRequestConnection, { description: 'What you asked for, the newest first.' })
  async myRequests(
    @Args() args: PageArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<Connection<AccessRequest>> {
    await this.rights.waitFor(args.minPosition);
    const query = { staffId: principal.staffId ?? '' };
    const list = `requests of ${query.staffId}`;
    const page = await this.requests.page(query, this.cursors.pageFrom(list, args), EVERYTHING);
    return this.cursors.connection(list, page, () => this.requests.count(query));
  }

  @May('vendorRequests')
  @Query(() => AccessRequestConnection, {
    description: 'What others asked for and the vendor decides about, in every workspace, the newest first.',
  })
  async vendorRequests(
    @Args() args: VendorRequestsArgs,
    @Context() { principal }: GraphqlContext,
  ): Promise<Connection<AccessRequest>> {
    await this.rights.waitFor(args.minPosition);
    const forVendor = await this.requests.forVendor(principal.staffId!, args.onlyOpen === true);
    const list = `requests for the vendor ${forVendor.reader} ${forVendor.waiting}`;
    const page = await this.requests.page({ forVendor }, this.cursors.pageFrom(list, args), EVERYTHING);
    return this.cursors.connection(list, page, () => this.requests.count({ forVendor }));
  }

  @ResolveField(() => String, { description: 'What the customer calls the workspace.' })
  workspaceName(@Parent() { workspaceId }: AccessRequest): Promise<string> {
    return this.#names.load(workspaceId);
  }

  @ResolveField(() => [ArgumentChoices], {
    description: 'Which values the arguments of its action may have, by the catalogue in force; empty: any text.',
  })
  actionChoices(@Parent() { asked: { action } }: AccessRequest): ArgumentChoices[] {
    const { actions } = this.door.desk.outside.installation.catalogue;
    const declared = action && Object.hasOwn(actions, action.name) ? actions[action.name] : undefined;
    return declared ? shownChoices(declared) : [];
  }

  @May('requestAccess')
  @Mutation(() => RequestAccessPayload, { description: 'Asks for access: what, for which case, why, for how long.' })
  async requestAccess(
    @Args('input', { description: 'What is asked for.' }) input: RequestAccessInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<RequestAccessPayload> {
    const workspaceId = input.workspaceId as WorkspaceId;
    const staffId = principal.staffId!;
    const given = argumentsFrom(input.action?.argumentsJson);
    if ('mistake' in given) return { accessRequest: null, ...refused(notExact('action', given.mistake)) };
    const requestId = requestIdOf(input.commandId, workspaceId, staffId);
    const command: BookCommand = {
      type: 'RequestAccess',
      requestId,
      staffId,
      person: { issuer: principal.person.issuer, subject: principal.person.subject },
      kind: input.kind,
      ...caseNamed(workspaceId, input.caseRef),
      job: input.job ?? null,
      reason: input.reason,
      viewAs: (input.viewAs ?? null) as MemberId | null,
      pages: input.pages ?? null,
      action: input.action
        ? { name: input.action.name, target: input.action.target ?? null, arguments: given.value }
        : null,
      field: input.field ? { field: input.field.field, record: input.field.record ?? null } : null,
      extends: (input.extends ?? null) as SessionId | null,
      plannedStart: input.plannedStart?.getTime() ?? null,
      minutes: input.minutes ?? null,
    };
    return this.#answer(input, requestId, principal, command);
  }

  @May('askForInformation')
  @Mutation(() => AskForInformationPayload, { description: 'Asks the staff member something about their request.' })
  askForInformation(
    @Args('input', { description: 'Which request, and what.' }) input: AskForInformationInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<AskForInformationPayload> {
    const { question } = input;
    return this.#decide(input, principal, (ids) => ({ type: 'AskForInformation', ...ids, question }));
  }

  @May('approveAccess')
  @Mutation(() => ApproveAccessPayload, { description: 'Approves a request, as asked or changed.' })
  async approveAccess(
    @Args('input', { description: 'Which request, as it was shown, and what is granted otherwise.' })
    input: ApproveAccessInput,
    @Context() context: GraphqlContext,
  ): Promise<ApproveAccessPayload> {
    const { principal } = context;
    const stepUp = await this.#stepUp(input, principal);
    if (stepUp !== undefined) {
      challenge(context, stepUp);
      return { accessRequest: null, ...refused(stepUpRequired(stepUp)) };
    }
    const granted = grantedFrom(input.granted);
    if (granted && 'mistake' in granted)
      return { accessRequest: null, ...refused(notExact('granted', granted.mistake)) };
    const { digest: shown, message = null } = input;
    return this.#decide(input, principal, (ids) => ({ type: 'ApproveAccess', ...ids, shown, granted, message }));
  }

  @May('declineAccess')
  @Mutation(() => DeclineAccessPayload, { description: 'Declines a request.' })
  declineAccess(
    @Args('input', { description: 'Which request.' }) input: DeclineAccessInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<DeclineAccessPayload> {
    const { message = null } = input;
    return this.#decide(input, principal, (ids) => ({ type: 'DeclineAccess', ...ids, message }));
  }

  @May('giveInformation')
  @Mutation(() => GiveInformationPayload, { description: 'Answers a question about your request.' })
  giveInformation(
    @Args('input', { description: 'Which request, and the answer.' }) input: GiveInformationInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<GiveInformationPayload> {
    const { answer } = input;
    return this.#own(input, principal, (ids) => ({ type: 'GiveInformation', ...ids, answer }));
  }

  @May('withdrawAccess')
  @Mutation(() => WithdrawAccessPayload, { description: 'Takes your request back.' })
  withdrawAccess(
    @Args('input', { description: 'Which request.' }) input: WithdrawAccessInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<WithdrawAccessPayload> {
    return this.#own(input, principal, (ids) => ({ type: 'WithdrawAccess', ...ids }));
  }

  @May('confirmScope')
  @Mutation(() => ConfirmScopePayload, { description: 'Confirms the scope as it was granted.' })
  confirmScope(
    @Args('input', { description: 'Which request.' }) input: ConfirmScopeInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<ConfirmScopePayload> {
    return this.#own(input, principal, ({ requestId, staffId }) => ({
      type: 'ConfirmScope',
      grantId: grantIdOf(requestId),
      staffId,
    }));
  }

  #decide(
    input: RequestInput,
    principal: Principal,
    command: (ids: { readonly requestId: RequestId; readonly by: DecidingPerson }) => BookCommand,
  ): Promise<AccessRequestPayload> {
    const requestId = input.requestId as RequestId;
    const { staffId, person } = principal;
    const by: DecidingPerson = staffId === undefined ? { kind: 'member', person } : { kind: 'staff', staffId };
    return this.#answer(input, requestId, principal, command({ requestId, by }));
  }

  #own(
    input: RequestInput,
    principal: Principal,
    command: (ids: { readonly requestId: RequestId; readonly staffId: StaffId }) => BookCommand,
  ): Promise<AccessRequestPayload> {
    const requestId = input.requestId as RequestId;
    const staffId = principal.staffId!;
    return this.#answer(input, requestId, principal, command({ requestId, staffId }));
  }

  async #answer(
    input: CommandInput,
    requestId: RequestId,
    principal: Principal,
    command: BookCommand,
  ): Promise<AccessRequestPayload> {
    const sent = await this.commands.send(input, principal, command);
    if (sent.userErrors.length > 0) return { ...sent, accessRequest: null };
    const identity = await this.identities.shownTo(principal, input.workspaceId);
    return { ...sent, accessRequest: await this.requests.after(sent.position, requestId, identity) };
  }

  /** Before an approval of something that changes or shows data, identity is proven again (S1-32, RFC 9470). */
  async #stepUp({ workspaceId, requestId }: RequestInput, { authTime }: Principal): Promise<number | undefined> {
    if (!isTypedId('ws', workspaceId)) return undefined;
    const { book } = await this.door.desk.settled(workspaceId);
    const request = requestWith(book.requests, requestId as RequestId);
    if (request === undefined || !('kind' in request) || !CONFIRMED_AGAIN.includes(request.kind)) return undefined;
    const { installation } = underItsPolicy({ book, installation: this.door.desk.outside.installation });
    const maxAge = installation.policy.session.identityMaxAgeSeconds;
    const isFresh = authTime !== null && this.door.clock.now() - authTime <= maxAge * 1000;
    return isFresh ? undefined : maxAge;
  }
}

const CONFIRMED_AGAIN: readonly string[] = ['write', 'export', 'reveal', 'sensitive entry'];

/** What is granted otherwise, or what is wrong with its arguments. What is left out stays as it stands in the book. */
function grantedFrom(
  given: GrantedOtherwiseInput | null | undefined,
): GrantedOtherwise | null | { readonly mistake: NotExact } {
  if (!given) return null;
  const { pages, minutes, target, argumentsJson } = given;
  const otherwise = { ...(pages && { pages }), ...(minutes != null && { minutes }) };
  if (target == null && argumentsJson == null) return otherwise;
  const read = argumentsFrom(argumentsJson);
  if ('mistake' in read) return read;
  return { ...otherwise, action: { ...(target != null && { target }), ...(read.value && { arguments: read.value }) } };
}

/** The arguments as they were sent, where they mean one thing to everybody. */
function argumentsFrom(text: string | null | undefined): ReturnType<typeof exactObject> | { readonly value: null } {
  return text == null ? { value: null } : exactObject(text);
}

function notExact(within: 'action' | 'granted', { path, says }: NotExact) {
  const where = path.length === 0 ? 'The text of the arguments' : `In the arguments, “${pathInWords(path)}”`;
  return invalidInput(['input', within, 'argumentsJson'], `${where} ${says}.`);
}
