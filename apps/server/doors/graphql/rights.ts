import { CanActivate, ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import {
  canonicalJson,
  isTypedId,
  isUuidV7,
  type Actor,
  type MemberId,
  type MemberRole,
  type WorkspaceId,
} from '@gatebook/protocol';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Book } from '#domain/book/book';
import { effectivePolicy } from '#domain/policy/tighten';
import type { Refusal } from '#domain/rule';
import { memberWho } from '#domain/workspace/workspace';
import { digestOf, strangerIdOf } from '../../desk/identity.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from './options.ts';
import {
  ANSWERS_FOR_IT,
  PERMISSION,
  PERMISSIONS,
  type Permission,
  type PermissionName,
  type StaffKind,
} from './permissions.ts';
import type { GraphqlContext, Principal } from './principal.ts';
import { tablesReach } from './tables-reach.ts';

/** The one answer for what is missing, foreign, or not for the asker's role (threat T35). */
export const notFound = () =>
  new GraphQLError('There is no such thing, or it is not yours to see.', { extensions: { code: 'FORBIDDEN' } });

interface Refused {
  readonly refusal: Refusal;
  readonly actor: Actor;
  /** Whose book of denials it stands in. */
  readonly subject: string;
}

/** What of an operation goes into the line that its refusal leaves. */
interface Asked {
  readonly operation: string;
  readonly commandId?: unknown;
  readonly input?: unknown;
}

/** Who may do what, by the roles of today. A refusal is written down as any other. */
@Injectable()
export class Rights {
  readonly #door: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#door = door;
  }

  /** Whether the permission is given; where it isn't, that is durable before the answer. @throws {NotNow} */
  async allows(
    principal: Principal,
    name: PermissionName,
    workspaceId?: unknown,
    asked: Asked = { operation: name },
  ): Promise<boolean> {
    const permission: Permission = PERMISSIONS[name];
    const refused =
      principal.realm === 'staff'
        ? await this.#asStaff(principal, permission, workspaceId)
        : await this.#asMember(principal, permission, workspaceId);
    if (refused) await this.#record(principal, permission, refused, asked);
    return refused === undefined;
  }

  /**
   * Whether the permission still stands, by what is known now; nothing is read and nothing written down. `book`: of the
   * workspace that is asked about, as it stands.
   */
  holds(principal: Principal, name: PermissionName, book?: Book): boolean {
    const { members, staff }: Permission = PERMISSIONS[name];
    if (book?.workspace.phase === 'unregistered') return false;
    if (principal.realm === 'staff')
      return staff === 'anybody' || (typeof staff !== 'string' && this.isStaff(principal, ...staff));
    if (typeof members === 'string') return members === 'anybody';
    const { issuer, subject } = principal.person;
    const member = book && memberWho(book.workspace, issuer, subject);
    return member !== undefined && this.#isNamed(member.role, members, book!);
  }

  /**
   * Whose requests' decisions somebody reads in a workspace, of those who may read its requests: `'all'`, or those of one
   * member, beside what waits. Who only decides reads no more than that.
   */
  decisionsReadBy({ realm, person: { issuer, subject } }: Principal, { workspace }: Book): 'all' | MemberId {
    if (realm === 'staff') return 'all';
    const member = memberWho(workspace, issuer, subject);
    return member && !ANSWERS_FOR_IT.includes(member.role) ? member.id : 'all';
  }

  /** The same of a workspace that is there. @throws {NotNow} */
  async decisionsReadIn(workspaceId: WorkspaceId, principal: Principal): Promise<'all' | MemberId> {
    return this.decisionsReadBy(principal, (await this.#door.desk.look(workspaceId)).state);
  }

  /** Whether the role is one of these, by the settings in force. */
  #isNamed(role: MemberRole, named: Extract<Permission['members'], readonly unknown[]>, { tightening }: Book): boolean {
    if (named.includes(role)) return true;
    if (!named.includes('decider')) return false;
    const { approval, consent } = effectivePolicy(this.#door.desk.outside.installation.policy, tightening);
    // Who may turn staff access off may decline, too: the restrictive act wins.
    return approval.customer.includes(role) || consent.maySwitch.includes(role);
  }

  /** Whether the staff member is enabled and has a role of these kinds. */
  isStaff({ staffId }: Principal, ...kinds: readonly StaffKind[]): boolean {
    const { outside } = this.#door.desk;
    const { phase, readable, roles } = outside.staff(staffId).state;
    const { session, approval } = outside.installation.policy;
    const hasOne = (of: readonly string[]) => roles.some((role) => of.includes(role));
    const has = {
      visitor: hasOne(session.mayVisit),
      approver: hasOne(approval.vendor),
      reviewer: roles.includes('reviewer'),
    };
    return readable && phase === 'enabled' && kinds.some((kind) => has[kind]);
  }

  /** Waits until the tables hold a position. @throws {GraphQLError} they don't in time. */
  async waitFor(minPosition: string | null | undefined): Promise<void> {
    if (minPosition == null || (await tablesReach(this.#door, minPosition))) return;
    throw new GraphQLError('The tables are behind the log. Try again.', { extensions: { code: 'PROJECTION_LAG' } });
  }

  async #asStaff(
    principal: Principal,
    { staff, tries }: Permission,
    workspaceId: unknown,
  ): Promise<Refused | undefined> {
    if (staff === 'anybody' || staff === 'decided') return undefined;
    const id = principal.staffId ?? '';
    const own = (refusal: Refusal) => ({ refusal, actor: { kind: 'staff' as const, id }, subject: id });
    if (staff === 'nobody' || !this.isStaff(principal, ...staff))
      return own({ rule: 'roleMayAsk', because: `Your roles don’t let you ${tries}.` });
    // An empty answer about a workspace that isn't there would read as one about a workspace where nothing happened.
    if (workspaceId === undefined || (await this.#isThere(workspaceId))) return undefined;
    return own({ rule: 'workspaceIsOpen', because: NO_SUCH_WORKSPACE.because });
  }

  async #isThere(workspaceId: unknown): Promise<boolean> {
    if (!isTypedId('ws', workspaceId)) return false;
    return (await this.#door.desk.look(workspaceId)).state.workspace.phase !== 'unregistered';
  }

  async #asMember(
    { person: { issuer, subject } }: Principal,
    { members, tries }: Permission,
    workspaceId: unknown,
  ): Promise<Refused | undefined> {
    if (members === 'anybody' || members === 'decided') return undefined;
    const own = (refusal: Refusal) => {
      const id = strangerIdOf(issuer, subject);
      return { refusal, actor: { kind: 'member' as const, id }, subject: id };
    };
    if (members === 'nobody') return own({ rule: 'roleMayAsk', because: 'This is for staff of the vendor.' });
    if (!isTypedId('ws', workspaceId)) return own(NO_SUCH_WORKSPACE);
    // Of the book itself, not of a table: who was a member until a moment ago is none (threat T26).
    const { state } = await this.#door.desk.look(workspaceId);
    const member = memberWho(state.workspace, issuer, subject);
    if (!member) return own(NO_SUCH_WORKSPACE);
    if (this.#isNamed(member.role, members, state)) return undefined;
    return {
      refusal: { rule: 'roleMayAsk', because: `Your role doesn’t let you ${tries}.` },
      actor: { kind: 'member', id: member.id },
      subject: workspaceId,
    };
  }

  async #record(
    { person }: Principal,
    { tries }: Permission,
    { refusal, actor, subject }: Refused,
    { operation, commandId, input }: Asked,
  ): Promise<void> {
    // A command's refusal has its id from the command: sent again, it stands once.
    const command = isUuidV7(commandId) && { commandId, commandDigest: digestOfInput(operation, actor, input) };
    await this.#door.desk.denials.record({
      subject,
      attempt: { command: operation, label: tries },
      refusal,
      sessionId: null,
      caller: { actor, ...command },
      presenter: { subject: actor.id, name: person.name },
    });
  }
}

const NO_SUCH_WORKSPACE: Refusal = { rule: 'memberBelongsHere', because: 'There is no such workspace.' };

/** A command's digest is over what was sent, not over what was made of it: a newer sign-in is no other payload. */
export function digestOfInput(operation: string, actor: Actor, input: unknown): string {
  const sent: unknown = JSON.parse(JSON.stringify(input ?? null));
  return digestOf(canonicalJson({ operation, actor, input: sent }));
}

/** Asks for the permission of each operation; what declares none is closed. */
@Injectable()
export class PermissionGuard implements CanActivate {
  readonly #rights: Rights;
  readonly #reflector: Reflector;

  constructor(rights: Rights, reflector: Reflector) {
    this.#rights = rights;
    this.#reflector = reflector;
  }

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    const name = this.#reflector.get<PermissionName | undefined>(PERMISSION, execution.getHandler());
    if (name === undefined) throw notFound();
    const graphql = GqlExecutionContext.create(execution);
    const { principal } = graphql.getContext<GraphqlContext>();
    const args = graphql.getArgs<{ id?: unknown; workspaceId?: unknown; input?: { commandId?: unknown } }>();
    const operation = graphql.getInfo<GraphQLResolveInfo>().fieldName;
    const asked = { operation, commandId: args.input?.commandId, input: args.input };
    if (!(await this.#rights.allows(principal, name, args.workspaceId ?? args.id, asked))) throw notFound();
    return true;
  }
}
