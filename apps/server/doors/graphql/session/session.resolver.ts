import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import type { SessionId, WorkspaceId } from '@gatebook/protocol';
import { challenge } from '../challenge.ts';
import { Commands, refused, type Sent } from '../commands.ts';
import { Identities } from '../identities.ts';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { Cursors, PageArgs, type Connection } from '../paging.ts';
import { May } from '../permissions.ts';
import type { GraphqlContext } from '../principal.ts';
import { Rights } from '../rights.ts';
import { staleRevision, stepUpRequired, userErrorFrom } from '../user-errors.ts';
import { sessionAs, Sessions } from './sessions.ts';
import {
  ConfirmPresenceInput,
  ConfirmPresencePayload,
  EndSessionInput,
  EndSessionPayload,
  ExitSessionInput,
  ExitSessionPayload,
  Session,
  SessionConnection,
  StartSessionInput,
  StartSessionPayload,
  type SessionInput,
} from './session.types.ts';

const NOT_STARTED = { session: null, entryCode: null, enterUrl: null, enterBy: null };

@Resolver(() => Session)
export class SessionResolver {
  constructor(
    private readonly commands: Commands,
    private readonly sessions: Sessions,
    private readonly rights: Rights,
    private readonly identities: Identities,
    private readonly cursors: Cursors,
    @Inject(GRAPHQL_DOOR) private readonly door: GraphqlDoorOptions,
  ) {}

  @May('activeSessions')
  @Query(() => [Session], { description: 'Who is inside a workspace now, the longest first.' })
  async activeSessions(
    @Args('workspaceId', { type: () => ID, description: 'The workspace.' }) workspaceId: string,
    @Args('minPosition', { type: () => String, nullable: true, description: 'Read what holds at least this position.' })
    minPosition: string | null | undefined,
    @Context() { principal }: GraphqlContext,
  ): Promise<Session[]> {
    await this.rights.waitFor(minPosition);
    return this.sessions.active(workspaceId, await this.identities.shownTo(principal, workspaceId));
  }

  @May('myVisits')
  @Query(() => SessionConnection, { description: 'Your own visits, the newest first.' })
  async myVisits(@Args() args: PageArgs, @Context() { principal }: GraphqlContext): Promise<Connection<Session>> {
    const staffId = principal.staffId ?? '';
    await this.rights.waitFor(args.minPosition);
    const list = `visits of ${staffId}`;
    const page = await this.sessions.of(staffId, this.cursors.pageFrom(list, args));
    return this.cursors.connection(list, page, () => this.sessions.countOf(staffId));
  }

  @May('startSession')
  @Mutation(() => StartSessionPayload, {
    description: 'Starts a visit: the line is written, then a code opens the product.',
  })
  async startSession(
    @Args('input', { description: 'Where, for which case, and why.' }) input: StartSessionInput,
    @Context() context: GraphqlContext,
  ): Promise<StartSessionPayload> {
    const workspaceId = input.workspaceId as WorkspaceId;
    const visit = await this.commands.start(input, context.principal);
    switch (visit.kind) {
      case 'step-up':
        challenge(context, visit.maxAgeSeconds);
        return { ...NOT_STARTED, ...refused(stepUpRequired(visit.maxAgeSeconds)) };
      case 'stale':
        return { ...NOT_STARTED, ...refused(staleRevision(visit.currentRevision), visit.position) };
      case 'refused':
        return { ...NOT_STARTED, ...refused(userErrorFrom(visit.refusal, 'workspace'), visit.position) };
      case 'started': {
        const { position, entryCode, sessionId } = visit;
        const shown = await this.sessions.after(position, workspaceId, sessionId, input);
        return { ...shown, position, userErrors: [], entryCode, enterUrl: this.door.enterUrl };
      }
    }
  }

  @May('endSession')
  @Mutation(() => EndSessionPayload, { description: 'Ends a visit now (owners and admins).' })
  async endSession(
    @Args('input', { description: 'Which visit.' }) input: EndSessionInput,
    @Context() { principal }: GraphqlContext,
  ): Promise<EndSessionPayload> {
    const sessionId = input.sessionId as SessionId;
    const sending = this.commands.send(input, principal, { type: 'EndSession', sessionId, by: principal.person });
    const { session, ...sent } = await this.#answer(input, sending);
    const shown = session && sessionAs(await this.identities.shownTo(principal, input.workspaceId), session);
    return { ...sent, session: shown };
  }

  @May('exitSession')
  @Mutation(() => ExitSessionPayload, { description: 'Leaves your own visit.' })
  exitSession(
    @Args('input', { description: 'Which visit.' }) input: ExitSessionInput,
    @Context() { principal: { staffId }, principal }: GraphqlContext,
  ): Promise<ExitSessionPayload> {
    const sessionId = input.sessionId as SessionId;
    return this.#answer(
      input,
      this.commands.send(input, principal, { type: 'ExitSession', sessionId, staffId: staffId! }),
    );
  }

  @May('confirmPresence')
  @Mutation(() => ConfirmPresencePayload, { description: 'Says that you are still there: the idle clock begins anew.' })
  confirmPresence(
    @Args('input', { description: 'Which visit.' }) input: ConfirmPresenceInput,
    @Context() { principal: { staffId }, principal }: GraphqlContext,
  ): Promise<ConfirmPresencePayload> {
    const sessionId = input.sessionId as SessionId;
    return this.#answer(
      input,
      this.commands.send(input, principal, { type: 'ConfirmPresence', sessionId, staffId: staffId! }),
    );
  }

  async #answer({ workspaceId, sessionId }: SessionInput, sending: Promise<Sent>): Promise<EndSessionPayload> {
    const sent = await sending;
    if (sent.userErrors.length > 0) return { ...sent, session: null };
    const { session } = await this.sessions.after(sent.position, workspaceId as WorkspaceId, sessionId as SessionId);
    return { ...sent, session };
  }
}
