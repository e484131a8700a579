import { Inject, Injectable } from '@nestjs/common';
import type { SessionId, WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { plannedEnding } from '#domain/book/settle';
import { grantOfSession, type Grant } from '#domain/grant/grant';
import { fieldLabel } from '#domain/request/scope';
import { readReason } from '#domain/session/reason';
import type { LiveSession } from '#domain/session/session';
import {
  endedVisits,
  liveSession,
  liveSessions,
  reviewedVisits,
  visitById,
  visitsCount,
  visitsPage,
  type ActiveSession,
  type Page,
  type PageOptions,
  type Visit,
  type VisitFilter,
  type VisitOrder,
} from '#projections/index';
import { EVERYTHING, personAs, type IdentityShown } from '#wording/wording';
import { GRAPHQL_DOOR, type GraphqlDoorOptions } from '../options.ts';
import { COUNT_MAX } from '../paging.ts';
import { tablesReach } from '../tables-reach.ts';
import { Session, type StartSessionInput, type VisitAction, type VisitReveal } from './session.types.ts';

/** Visits as they are shown: of the book where they must be of this moment, of the tables otherwise. */
@Injectable()
export class Sessions {
  readonly #door: GraphqlDoorOptions;

  constructor(@Inject(GRAPHQL_DOOR) door: GraphqlDoorOptions) {
    this.#door = door;
  }

  /** Who is inside by the clock, whether or not an end is written yet. */
  async active(workspaceId: string, identity: IdentityShown): Promise<Session[]> {
    const now = this.#door.clock.now();
    const live = await liveSessions(this.#door.tables, { workspaceId });
    return live.filter((session) => now < endOf(session)).map((session) => sessionAs(identity, fromTables(session)));
  }

  /** A staff member's visits, the newest first. */
  async of(staffId: string, page: PageOptions): Promise<Page<Session & { readonly position: string }>> {
    const { tables } = this.#door;
    const [visits, live] = await Promise.all([
      visitsPage(tables, { staffId, page }),
      liveSessions(tables, { staffId }),
    ]);
    const withLive = (visit: Visit) =>
      this.#fromVisit(
        visit,
        live.find(({ id }) => id === visit.sessionId),
      );
    return {
      ...visits,
      items: visits.items.map((visit) => Object.assign(withLive(visit), { position: visit.position })),
    };
  }

  /** Visits of all workspaces, for those who check them. */
  async reviewed(query: {
    readonly filter: VisitFilter;
    readonly order: VisitOrder;
    readonly page: PageOptions;
  }): Promise<Page<Session & { readonly position: string }>> {
    const { tables } = this.#door;
    const visits = await reviewedVisits(tables, query);
    const live = visits.items.some(({ endedAt }) => endedAt === null) ? await liveSessions(tables) : [];
    return {
      ...visits,
      items: visits.items.map((visit) =>
        Object.assign(
          this.#fromVisit(
            visit,
            live.find(({ id }) => id === visit.sessionId),
          ),
          { position: visit.place },
        ),
      ),
    };
  }

  /** Visits to a workspace whose end is written, those that ended last first. */
  async ended(
    workspaceId: string,
    page: PageOptions,
    identity: IdentityShown,
  ): Promise<Page<Session & { readonly position: string }>> {
    const visits = await endedVisits(this.#door.tables, { workspaceId, page });
    const items = visits.items.map((visit) =>
      Object.assign(sessionAs(identity, this.#fromVisit(visit, undefined)), { position: visit.place }),
    );
    return { ...visits, items };
  }

  countOf(staffId: string): Promise<number> {
    return visitsCount(this.#door.tables, staffId, COUNT_MAX + 1);
  }

  async byId(id: string): Promise<Session | undefined> {
    const { tables } = this.#door;
    const [visit, live] = await Promise.all([visitById(tables, id), liveSession(tables, id)]);
    return visit && this.#fromVisit(visit, live);
  }

  /**
   * A visit as it stands behind a command's position. What goes on is of the book; what has ended is of the tables,
   * once they have come that far, with the book's own word on its end.
   */
  async after(
    position: string | null,
    workspaceId: WorkspaceId,
    sessionId: SessionId,
    input?: StartSessionInput,
  ): Promise<{ readonly session: Session | null; readonly enterBy: Date | null }> {
    const { book } = await this.#door.desk.settled(workspaceId);
    const session = book.sessions.get(sessionId);
    if (session?.phase === 'live') {
      const end = plannedEnding(book, session, Infinity).at;
      const grant = grantOfSession(book.grants, sessionId);
      const known = input ? whatWasAsked(input, grant) : await this.#visitAt(position, sessionId);
      return {
        session: fromBook(workspaceId, session, grant, end, known, book),
        enterBy: new Date(session.enterBy),
      };
    }
    await this.#reach(position);
    const shown = await this.byId(sessionId);
    if (shown && session) Object.assign(shown, ended(session.at, session.cause));
    return { session: shown ?? null, enterBy: null };
  }

  async #visitAt(position: string | null, sessionId: SessionId): Promise<Visit | undefined> {
    const known = await visitById(this.#door.tables, sessionId);
    if (known) return known;
    await this.#reach(position);
    return visitById(this.#door.tables, sessionId);
  }

  async #reach(position: string | null): Promise<void> {
    if (position !== null) await tablesReach(this.#door, position);
  }

  #fromVisit(visit: Visit, live: ActiveSession | undefined): Session {
    if (live && this.#door.clock.now() < endOf(live)) return fromTables(live);
    return shown({
      id: visit.sessionId,
      workspaceId: visit.workspaceId,
      staffId: visit.staff.id,
      staffName: visit.staff.name,
      staffEmail: visit.staff.email,
      caseRef: visit.caseRef ?? '',
      job: visit.job,
      reason: visit.reason,
      approverId: visit.approvedBy.id,
      approverName: visit.approvedBy.name,
      viewedAs: visit.viewedAs?.id ?? null,
      viewedAsName: visit.viewedAs?.name ?? null,
      startedAt: new Date(visit.startedAt),
      plannedEnd: new Date(visit.plannedEnd),
      // By the clock it is over, though the line of its end may be yet to come.
      ...ended(visit.endedAt ?? (live ? endOf(live) : visit.plannedEnd), visit.endCause),
    });
  }
}

interface Asked {
  readonly job: string | null;
  readonly reason: string | null;
  readonly approvedBy?: { readonly id: string };
}

/** As it was approved or typed, in the form in which it was written down. */
function whatWasAsked({ job = null, reason: typed }: StartSessionInput, grant: Grant | undefined): Asked {
  if (grant) return { job: grant.job, reason: grant.shown?.reason ?? null };
  const reason = typed ?? '';
  const reading = readReason(reason);
  return { job, reason: reading.kind === 'specific' ? reading.reason : reason };
}

function endOf({ endsAt, idleEndsAt }: ActiveSession): number {
  return Math.min(endsAt, idleEndsAt);
}

export function ended(at: number, endCause: Session['endCause']) {
  return {
    idleEndsAt: null,
    endedAt: new Date(at),
    endCause,
    currentPage: null,
    action: null,
    reveal: null,
    can: null,
    cannot: null,
  };
}

export function shown(fields: Omit<Session, 'type' | 'readBy'>): Session {
  return Object.assign(new Session(), fields);
}

/** A visit with as much of the vendor's people as somebody reads; a copy where that is not all. */
export function sessionAs(shownTo: IdentityShown, session: Session): Session {
  if (shownTo === EVERYTHING) return session;
  const { staffId, staffName, staffEmail, approverId, approverName } = session;
  const staff = personAs(shownTo, { id: staffId, name: staffName, email: staffEmail });
  // Of whom it isn't known on whose side they are, nothing is said.
  const approver = approverId === null ? null : personAs(shownTo, { id: approverId, name: approverName }).name;
  const less = { staffName: staff.name, staffEmail: staff.email, approverName: approver, readBy: shownTo };
  return Object.assign(new Session(), session, less);
}

/** @param grant what the visit runs on; `undefined`: the switch or the role alone. */
export function fromBook(
  workspaceId: string,
  session: LiveSession,
  grant: Grant | undefined,
  end: number,
  known: Asked | undefined,
  { workspace }: Pick<Book, 'workspace'>,
): Session {
  const viewAs = grant?.viewAs ?? null;
  return shown({
    id: session.id,
    workspaceId,
    staffId: session.staffId,
    staffName: session.shown?.staffName ?? null,
    staffEmail: session.shown?.staffEmail ?? null,
    caseRef: session.caseRef ?? '',
    job: known?.job ?? null,
    reason: known?.reason ?? null,
    approverId: known?.approvedBy?.id ?? null,
    approverName: session.shown?.approverName ?? null,
    viewedAs: viewAs,
    viewedAsName: viewAs && (workspace.members.get(viewAs)?.shownName ?? null),
    startedAt: new Date(session.startedAt),
    plannedEnd: new Date(end),
    idleEndsAt: new Date(session.lastInputAt + session.idleMs),
    endedAt: null,
    endCause: null,
    currentPage: session.views.at(-1)?.page ?? null,
    action: actionOf(grant),
    reveal: revealOf(grant?.granted.field && { ...grant.granted.field, isShown: grant.phase === 'spent' }),
    can: session.can,
    cannot: session.cannot,
  });
}

export function actionOf(grant: Grant | undefined): VisitAction | null {
  const action = grant?.granted.action;
  if (!action) return null;
  const kind = grant?.kind === 'export' ? 'export' : 'write';
  return { kind, name: action.name, label: action.label, isUsed: grant?.phase === 'spent' };
}

function revealOf(reveal: ActiveSession['reveal'] | undefined): VisitReveal | null {
  return reveal ? { ...reveal, label: fieldLabel(reveal) } : null;
}

function fromTables(session: ActiveSession): Session {
  return shown({
    id: session.id,
    workspaceId: session.workspaceId,
    staffId: session.staff.id,
    staffName: session.staff.name,
    staffEmail: session.staff.email,
    caseRef: session.caseRef ?? '',
    job: session.job,
    reason: session.reason,
    approverId: session.approvedBy.id,
    approverName: session.approvedBy.name,
    viewedAs: session.viewedAs?.id ?? null,
    viewedAsName: session.viewedAs?.name ?? null,
    startedAt: new Date(session.startedAt),
    plannedEnd: new Date(session.endsAt),
    idleEndsAt: new Date(session.idleEndsAt),
    endedAt: null,
    endCause: null,
    currentPage: session.currentPage?.label ?? null,
    action: session.action && {
      kind: session.action.kind,
      name: session.action.name,
      label: session.action.label,
      isUsed: session.action.usedAt !== null,
    },
    reveal: revealOf(session.reveal),
    can: session.can,
    cannot: session.cannot,
  });
}
