import type { SessionId, WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { fromInstant } from '#domain/fact';
import { recognise } from '#domain/facts';
import { approverIdOf } from '#domain/session/session';
import type { StoredFact } from '#event-log/envelope';
import type { RecordedFact } from '#event-log/port';
import { readFact } from '#projections/runner/folding';
import { WORKSPACE_PREFIX } from '#projections/runner/streams';
import type { Session } from '../session/session.types.ts';
import { shown } from '../session/sessions.ts';
import type { FeedParts } from './feed-parts.ts';

/** So many facts are read backwards at most for the beginnings of the visits that go on. */
const BACK_MAX = 10_000;

interface Known {
  readonly approvedBy: { readonly id: string };
  readonly job: string | null;
  readonly reason: string | null;
  /** The name of the page that is looked at. */
  page: string | null;
  shown: Session;
}

/** What a workspace's book doesn't keep of its visits and their showing needs: from the facts that began them. */
export class VisitStarts {
  readonly #workspaceId: WorkspaceId;
  readonly #parts: FeedParts;
  readonly #visits = new Map<string, Known>();

  constructor(workspaceId: WorkspaceId, parts: FeedParts) {
    this.#workspaceId = workspaceId;
    this.#parts = parts;
  }

  /** Finds the beginnings of the visits that go on in the book. */
  async find({ sessions }: Book): Promise<void> {
    const wanted = new Set(sessions.live().map(({ id }) => id));
    if (wanted.size === 0) return;
    const stream = WORKSPACE_PREFIX + this.#workspaceId;
    const pages = new Map<string, string>();
    for await (const recorded of this.#parts.log.readStream(stream, { direction: 'backwards', limit: BACK_MAX })) {
      if (recorded.type !== 'SessionStarted' && recorded.type !== 'PageViewed') continue;
      const known = recognise(readFact(recorded, this.#parts.envelope));
      if (known?.type === 'PageViewed' && !pages.has(known.data.sessionId))
        pages.set(known.data.sessionId, known.data.label);
      if (known?.type !== 'SessionStarted') continue;
      const { sessionId } = known.data;
      this.learn([recorded]);
      const visit = this.#visits.get(sessionId);
      if (visit) visit.page = pages.get(sessionId) ?? null;
      wanted.delete(sessionId);
      if (wanted.size === 0) return;
    }
  }

  /** Takes in what facts tell of visits; they are given back as read. */
  learn(facts: readonly RecordedFact[]): readonly StoredFact[] {
    return facts.map((recorded) => {
      const fact = readFact(recorded, this.#parts.envelope);
      if (recorded.type !== 'SessionStarted' && recorded.type !== 'PageViewed') return fact;
      const known = recognise(fact);
      if (known?.type === 'PageViewed') {
        const visit = this.#visits.get(known.data.sessionId);
        if (visit) visit.page = known.data.label;
      } else if (known?.type === 'SessionStarted') {
        const { data } = known;
        const startedAt = fromInstant(fact.metadata.time);
        const session = shown({
          id: data.sessionId,
          workspaceId: this.#workspaceId,
          staffId: data.staffId,
          staffName: data.personal?.staffName ?? null,
          staffEmail: data.personal?.staffEmail ?? null,
          caseRef: data.caseRef ?? '',
          job: data.job,
          reason: data.personal?.reason ?? null,
          approverId: approverIdOf(data.approvedBy),
          approverName: data.personal?.approverName ?? null,
          viewedAs: data.viewedAs,
          // Its name is the book's to tell, while the visit goes on.
          viewedAsName: null,
          startedAt: new Date(startedAt),
          plannedEnd: new Date(fromInstant(data.plannedEnd)),
          idleEndsAt: new Date(startedAt + data.idleMinutes * 60_000),
          endedAt: null,
          endCause: null,
          currentPage: null,
          // What it may do is the book's to tell, while the visit goes on.
          action: null,
          reveal: null,
          can: data.can,
          cannot: data.cannot,
        });
        const { job, reason } = session;
        const approvedBy = { id: approverIdOf(data.approvedBy) };
        this.#visits.set(data.sessionId, { approvedBy, job, reason, page: null, shown: session });
      }
      return fact;
    });
  }

  whatIsKnown(id: SessionId): Omit<Known, 'shown'> | undefined {
    return this.#visits.get(id);
  }

  /** A visit as it was shown last; a copy. */
  shown(id: SessionId): Session | undefined {
    const known = this.#visits.get(id);
    return known && Object.assign(shown({ ...known.shown }), { endedAt: null });
  }

  /** Remembers how a visit that goes on is shown, for when it ends. */
  keep(session: Session): Session {
    const known = this.#visits.get(session.id);
    const { job, reason, approverId } = session;
    const approvedBy = known?.approvedBy ?? { id: approverId ?? '' };
    this.#visits.set(session.id, { approvedBy, job, reason, page: known?.page ?? null, shown: session });
    return session;
  }

  /** Lets go of visits that the book has forgotten. */
  forget({ sessions }: Book): void {
    if (this.#visits.size <= sessions.all.length) return;
    const remembered = new Set<string>(sessions.all.map(({ id }) => id));
    for (const id of this.#visits.keys()) if (!remembered.has(id)) this.#visits.delete(id);
  }
}
