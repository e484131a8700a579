import { Inject } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isTypedId, type SessionId, type WorkspaceId } from '@gatebook/protocol';
import { plannedEnding } from '#domain/book/settle';
import { sessionWith } from '#domain/session/session';
import { liveSessions, type ActiveSession } from '#projections/index';
import { StartVisit } from '../../../desk/bus.ts';
import { Commands, refused, type Sent } from '../commands.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { May } from '../permission.ts';
import { principalOf, type GraphqlContext, type Principal } from '../principal.ts';
import { Rights } from '../rights.ts';
import { invalidInput, stepUpRequired, userErrorFrom } from '../user-errors.ts';
import {
  ConfirmPresenceInput,
  ConfirmPresencePayload,
  EndSessionInput,
  EndSessionPayload,
  ExitSessionInput,
  ExitSessionPayload,
  Session,
  StartSessionInput,
  StartSessionPayload,
} from './session.types.ts';

const NOT_STARTED = { session: null, entryCode: null, enterUrl: null, enterBy: null };

@Resolver(() => Session)
export class SessionResolver {
  constructor(
    private readonly bus: CommandBus,
    private readonly commands: Commands,
    private readonly rights: Rights,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('signed in')
  @Query(() => [Session], { description: 'Who is inside a workspace now.' })
  async activeSessions(
    @Args('workspaceId', { type: () => ID }) workspaceId: string,
    @Context() context: GraphqlContext,
  ): Promise<Session[]> {
    const id = await this.rights.ensureMayRead(principalOf(context), workspaceId, 'who is inside');
    const now = this.door.clock.now();
    const live = await liveSessions(this.door.tables, { workspaceId: id });
    // By the clock, whether or not the end is written yet.
    return live.filter(({ endsAt, idleEndsAt }) => now < Math.min(endsAt, idleEndsAt)).map(fromTables);
  }

  @May('staff')
  @Mutation(() => StartSessionPayload, {
    description: 'Starts a visit: the line is written, then a code opens the product.',
  })
  async startSession(
    @Args('input') input: StartSessionInput,
    @Context() context: GraphqlContext,
  ): Promise<StartSessionPayload> {
    const principal = principalOf(context);
    const { commandId, workspaceId, caseRef, reason, job = null, minutes = null } = input;
    const { staffId } = principal;
    if (!isTypedId('ws', workspaceId) || staffId === undefined) {
      return { ...refused(invalidInput(['input', 'workspaceId'], 'This is no id of a workspace.')), ...NOT_STARTED };
    }
    const sent = await this.commands.guarded(async () => {
      const caller = await this.commands.callerFor(workspaceId, principal, commandId);
      const wish = { workspaceId, caseRef, job, reason, minutes };
      const visit = await this.bus.execute(
        new StartVisit(wish, { staffId, identityConfirmedAt: principal.authTime }, caller),
      );
      switch (visit.kind) {
        case 'step-up':
          challenge(context, visit.maxAgeSeconds);
          return refused(stepUpRequired(visit.maxAgeSeconds));
        case 'refused':
          return refused(userErrorFrom(visit.refusal));
        case 'started': {
          const { enterBy, ...session } = await this.#inBook(workspaceId, visit.sessionId, reason);
          const { position, entryCode } = visit;
          return {
            position,
            userErrors: [],
            session: session as Session,
            entryCode,
            enterUrl: this.door.enterUrl,
            enterBy,
          };
        }
      }
    });
    return { ...NOT_STARTED, ...sent };
  }

  @May('member')
  @Mutation(() => EndSessionPayload, { description: 'Ends a visit now (owners and admins).' })
  async endSession(
    @Args('input') input: EndSessionInput,
    @Context() context: GraphqlContext,
  ): Promise<EndSessionPayload> {
    const principal = principalOf(context);
    const { sessionId } = input;
    if (!isTypedId('ses', sessionId)) return { ...noSession(), session: null };
    return {
      ...(await this.commands.send(input, principal, { type: 'EndSession', sessionId, by: principal.person })),
      session: null,
    };
  }

  @May('staff')
  @Mutation(() => ExitSessionPayload, { description: 'Leaves your own visit.' })
  async exitSession(
    @Args('input') input: ExitSessionInput,
    @Context() context: GraphqlContext,
  ): Promise<ExitSessionPayload> {
    return { ...(await this.#asVisitor('ExitSession', input, principalOf(context))), session: null };
  }

  @May('staff')
  @Mutation(() => ConfirmPresencePayload, { description: 'Says that you are still there: the idle clock begins anew.' })
  async confirmPresence(
    @Args('input') input: ConfirmPresenceInput,
    @Context() context: GraphqlContext,
  ): Promise<ConfirmPresencePayload> {
    const sent = await this.#asVisitor('ConfirmPresence', input, principalOf(context));
    const { workspaceId, sessionId } = input;
    if (sent.userErrors.length > 0 || !isTypedId('ws', workspaceId) || !isTypedId('ses', sessionId))
      return { ...sent, session: null };
    const { enterBy: _, ...session } = await this.#inBook(workspaceId, sessionId, null);
    return { ...sent, session: session as Session };
  }

  async #asVisitor(
    type: 'ExitSession' | 'ConfirmPresence',
    input: ExitSessionInput | ConfirmPresenceInput,
    principal: Principal,
  ): Promise<Sent> {
    const { sessionId } = input;
    const { staffId } = principal;
    if (!isTypedId('ses', sessionId) || staffId === undefined) return noSession();
    return this.commands.send(input, principal, { type, sessionId, staffId });
  }

  /** A live visit from the book itself: what was just written is in it. */
  async #inBook(workspaceId: WorkspaceId, sessionId: SessionId, reason: string | null) {
    const { book } = await this.door.desk.settled(workspaceId);
    const session = sessionWith(book.sessions, sessionId);
    const at = (epochMs: number) => new Date(epochMs);
    if (session?.phase !== 'live') {
      return {
        ...NOT_LIVE,
        id: sessionId,
        workspaceId,
        endedAt: session ? at(session.at) : null,
        endCause: session?.cause ?? null,
      };
    }
    return {
      id: session.id,
      workspaceId,
      staffName: session.shown?.staffName ?? null,
      staffEmail: session.shown?.staffEmail ?? null,
      caseRef: session.caseRef,
      reason,
      startedAt: at(session.startedAt),
      plannedEnd: at(plannedEnding(book, { ...session, idleMs: Infinity }).at),
      idleEndsAt: at(session.lastInputAt + session.idleMs),
      endedAt: null,
      endCause: null,
      currentPage: session.views.at(-1)?.page ?? null,
      can: [...session.can],
      cannot: [...session.cannot],
      enterBy: at(session.enterBy),
    };
  }
}

const NOT_LIVE = {
  staffName: null,
  staffEmail: null,
  caseRef: '',
  reason: null,
  startedAt: new Date(0),
  plannedEnd: new Date(0),
  idleEndsAt: null,
  currentPage: null,
  can: [],
  cannot: [],
  enterBy: null,
};

function noSession(): Sent {
  return refused(invalidInput(['input', 'sessionId'], 'This is no id of a visit.'));
}

/** The header that OAuth clients know (RFC 9470, section 3), beside the typed error. */
function challenge({ reply }: GraphqlContext, maxAge: number): void {
  void reply.header('www-authenticate', `Bearer error="insufficient_user_authentication", max_age="${maxAge}"`);
}

function fromTables(session: ActiveSession): Session {
  const { id, workspaceId, staff, caseRef, reason, startedAt, endsAt, idleEndsAt, currentPage, can, cannot } = session;
  return {
    id,
    workspaceId,
    staffName: staff.name,
    staffEmail: staff.email,
    caseRef,
    reason,
    startedAt: new Date(startedAt),
    plannedEnd: new Date(endsAt),
    idleEndsAt: new Date(idleEndsAt),
    endedAt: null,
    endCause: null,
    currentPage: currentPage?.label ?? null,
    can: [...can],
    cannot: [...cannot],
  };
}
