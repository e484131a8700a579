import { isTypedId, type GrantId, type SessionId, type StaffId, type WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { underItsPolicy } from '#domain/book/context';
import { plannedEnding } from '#domain/book/settle';
import type { Refusal } from '#domain/rule';
import type { StartSession } from '#domain/session/start-session';
import { CLOCK_ACTOR } from './denials.ts';
import { caseNamed, sessionIdOf } from './identity.ts';
import type { Desk, BookOutcome } from './desk.ts';
import type { EntryCodes } from './entry-codes.ts';
import type { Caller } from './outcome.ts';

/** What a staff member asks for when they start a visit. */
export interface VisitWish {
  readonly workspaceId: WorkspaceId;
  /** `null`: for no case, where the settings let it be so. */
  readonly caseRef: string | null;
  readonly job: string | null;
  /** `null`: as it was approved, on a grant. */
  readonly reason: string | null;
  readonly minutes: number | null;
  /** The grant that it begins on; left out: none. */
  readonly grantId?: GrantId | null;
}

export interface VisitingStaff {
  readonly staffId: StaffId;
  /** When they last proved who they are, epoch milliseconds; `null`: their sign-in doesn't say. */
  readonly identityConfirmedAt: number | null;
}

export type StartedVisit =
  | {
      readonly kind: 'started';
      readonly sessionId: SessionId;
      /** To be posted to the product within its time, once. */
      readonly entryCode: string;
      readonly position: string;
    }
  /** Identity was proven too long ago: a challenge, not a refusal; nothing is stored (RFC 9470). */
  | { readonly kind: 'step-up'; readonly maxAgeSeconds: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly position?: string }
  /** The book is no longer where the caller saw it; nothing was written. */
  | Extract<BookOutcome, { readonly kind: 'stale' }>;

/** A visit that hasn't begun so long after its seat was taken never will: whoever started it was killed in between. */
const BEGINS_WITHIN_MS = 60_000;

/** Starts visits: the seat in the staff member's stream first, then the decision in the workspace's (visit.md, step 2). */
export class Visits {
  readonly #desk: Desk;
  readonly #codes: EntryCodes;

  constructor(desk: Desk, codes: EntryCodes) {
    this.#desk = desk;
    this.#codes = codes;
  }

  /** @throws {NotNow} */
  async start(
    wish: VisitWish,
    staff: VisitingStaff,
    caller: Caller & { readonly commandId: string },
  ): Promise<StartedVisit> {
    const { state: book } = await this.#desk.look(wish.workspaceId);
    const { installation } = underItsPolicy({ book, installation: this.#desk.outside.installation });
    const { session: policy } = installation.policy;
    const now = this.#desk.clock.now();
    const { identityConfirmedAt } = staff;
    if (identityConfirmedAt === null || now - identityConfirmedAt > policy.identityMaxAgeSeconds * 1000) {
      return { kind: 'step-up', maxAgeSeconds: policy.identityMaxAgeSeconds };
    }
    const { workspaceId } = wish;
    const sessionId = sessionIdOf(caller.commandId, workspaceId, staff.staffId);
    const command: StartSession = {
      type: 'StartSession',
      sessionId,
      staffId: staff.staffId,
      ...caseNamed(workspaceId, wish.caseRef),
      job: wish.job,
      reason: wish.reason,
      minutes: wish.minutes,
      identityConfirmedAt,
      grantId: wish.grantId ?? null,
    };

    const asked = await this.#desk.ask(workspaceId, command);
    const known = asked.book.commands.has(caller.commandId);
    if (!known) {
      const refusal = asked.decision.refusal ?? (await this.#takeSeat(command, workspaceId, policy.capMinutes, caller));
      if (refusal) {
        if (asked.decision.refusal && asked.decision.facts.length > 0) await this.#writeDue(workspaceId);
        await this.#desk.deny(workspaceId, command, refusal, caller);
        return { kind: 'refused', refusal };
      }
    }
    const outcome = await this.#desk.handle(workspaceId, command, caller);
    if (outcome.kind === 'stale') {
      await this.#giveBack(staff.staffId, sessionId, workspaceId);
      return outcome;
    }
    if (outcome.kind === 'refused') {
      await this.#giveBack(staff.staffId, sessionId, workspaceId);
      return { kind: 'refused', refusal: outcome.refusal, position: outcome.position };
    }
    return this.#started(workspaceId, sessionId, staff.staffId, outcome);
  }

  /** What had ended by the clock, a grant that was not begun in time say, stands before the refusal that it led to. */
  async #writeDue(workspaceId: WorkspaceId): Promise<void> {
    // Where the log can't take it now the timekeeper writes it; the answer is no either way.
    await this.#desk.handle(workspaceId, { type: 'SettleBook' }, { actor: CLOCK_ACTOR }).catch(() => undefined);
  }

  async #started(
    workspaceId: WorkspaceId,
    sessionId: SessionId,
    staffId: StaffId,
    { position }: BookOutcome,
  ): Promise<StartedVisit> {
    const { state } = await this.#desk.look(workspaceId);
    const entryCode = this.#codes.codeFor({ sessionId, workspaceId, staffId, product: state.workspace.product });
    return { kind: 'started', sessionId, entryCode, position };
  }

  async #takeSeat(
    command: StartSession,
    workspaceId: WorkspaceId,
    capMinutes: number,
    caller: Caller,
  ): Promise<Refusal | undefined> {
    const { staffId, sessionId } = command;
    const until = this.#desk.clock.now() + (command.minutes ?? capMinutes) * 60_000;
    const holderIsOver = await this.#holderGivesWay(command, workspaceId);
    const take = { type: 'TakeSeat' as const, staffId, sessionId, workspaceId, until, holderIsOver };
    // The seat has no command id of its own: taken again for the same session it is taken once.
    const outcome = await this.#desk.handleStaff(take, { actor: caller.actor, correlationId: sessionId });
    return outcome.kind === 'refused' ? outcome.refusal : undefined;
  }

  /**
   * The session that holds the seat, where it gives way: a visit begun on a grant goes on from the one that the same
   * person has in the same workspace, which ends with it.
   */
  #holderGivesWay({ staffId, grantId }: StartSession, workspaceId: WorkspaceId): Promise<SessionId | null> {
    const { seat } = this.#desk.outside.staff(staffId).state;
    if (grantId !== null && seat?.workspaceId === workspaceId) return Promise.resolve(seat.sessionId);
    return this.#holderIsOver(staffId);
  }

  /** The session that holds the seat, where its workspace says that it is over, or never began in all the time it had. */
  async #holderIsOver(staffId: StaffId): Promise<SessionId | null> {
    const { seat } = this.#desk.outside.staff(staffId).state;
    if (!seat || !isTypedId('ws', seat.workspaceId)) return null;
    const { state, now } = await this.#desk.look(seat.workspaceId);
    // The seat is taken first, and the visit's own line comes after: it may be on its way.
    const mayYetBegin = !state.sessions.get(seat.sessionId) && now < seat.takenAt + BEGINS_WITHIN_MS;
    // Where a visit was to follow on another and never began, the other goes on, whatever the seat names.
    const isInside = state.sessions.live().some((live) => live.staffId === staffId && isLive(state, live.id, now));
    return mayYetBegin || isInside ? null : seat.sessionId;
  }

  /** The seat is free again, or the visit's that was to give way and goes on. */
  async #giveBack(staffId: StaffId, sessionId: SessionId, workspaceId: WorkspaceId): Promise<void> {
    await this.#release(staffId, sessionId);
    const { state, now } = await this.#desk.look(workspaceId);
    const own = state.sessions.live().find((live) => live.staffId === staffId && isLive(state, live.id, now));
    if (!own) return;
    const { id, plannedEnd: until } = own;
    const take = { type: 'TakeSeat' as const, staffId, sessionId: id, workspaceId, until, holderIsOver: null };
    await this.#desk.handleStaff(take, { actor: { kind: 'system', id: 'desk' }, correlationId: id });
  }

  async #release(staffId: StaffId, sessionId: SessionId): Promise<void> {
    const release = { type: 'ReleaseSeat' as const, staffId, sessionId };
    await this.#desk.handleStaff(release, { actor: { kind: 'system', id: 'desk' }, correlationId: sessionId });
  }
}

/** Whether the session is live at an instant, by its clocks and not only by what is written. */
export function isLive(book: Book, sessionId: SessionId, now: number): boolean {
  const session = book.sessions.get(sessionId);
  return session?.phase === 'live' && now < plannedEnding(book, session).at;
}
