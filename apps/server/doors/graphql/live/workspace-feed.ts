import type { SessionId, StaffId, WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { plannedEnding, settle, withDue } from '#domain/book/settle';
import { grantOfSession, type Grant } from '#domain/grant/grant';
import type { Installation } from '#domain/installation/installation';
import type { EndedSession, Session as SessionState } from '#domain/session/session';
import type { RecordedFact } from '#event-log/port';
import { endSentence, wordsOf, type WordSet } from '#wording/word-sets';
import { ended, fromBook } from '../session/sessions.ts';
import type { Session } from '../session/session.types.ts';
import { standingIn, type StandingNow } from '../request/standing.ts';
import { shownStaffAccess } from '../staff-access/shown.ts';
import { linesOf, type LinesFor } from './lines.ts';
import { AccessRevoked, SessionChanged, StaffAccessChanged } from './live.types.ts';
import { LiveNames } from './live-names.ts';
import type { Listener, LogFollowing } from './log-following.ts';
import type { FeedParts } from './feed-parts.ts';
import { count, Gap, isDenial, reachAt, type Numbered, type Reach } from './read-back.ts';
import { changesSettings, isAboutRequests, openIds, type RequestsNow } from './request-news.ts';
import { VisitStarts } from './visit-starts.ts';

/** Facts told of together, then others get a turn of the event loop. */
const BATCH = 32;
/** Facts that wait to be told of; more come only while the log can't be read on. */
const WAITING_MAX = 10_000;
const AGAIN_MS = 5;

/** What a subscriber does with what its workspace tells; each is called in the log's order. */
export interface Subscriber {
  lines?(linesFor: LinesFor): void;
  changed?(change: BookChange): void;
  requests?(news: RequestsNow): void;
  /** The book has changed in a way that rights depend on. */
  recheck(): void;
  /** Something was not heard, or can't be told in time: go on from the last position. */
  fellBehind(): void;
  /** The log is another one. */
  lost(): void;
}

/** What came of a few facts in the book. */
export interface BookChange {
  readonly position: string;
  readonly sessions: readonly { readonly staffId: StaffId; readonly event: SessionChanged }[];
  readonly ended: readonly { readonly staffId: StaffId; readonly event: AccessRevoked }[];
  readonly staffAccess: StaffAccessChanged | undefined;
}

/**
 * One workspace as its subscribers hear of it: facts as lines, and what they changed in the book. It lives as long as
 * somebody listens, and begins with the book as it stands.
 */
export class WorkspaceFeed implements Listener {
  readonly workspaceId: WorkspaceId;
  readonly #parts: FeedParts;
  readonly #subscribers = new Set<Subscriber>();
  readonly #names: LiveNames;
  readonly #starts: VisitStarts;
  readonly #waiting: RecordedFact[] = [];
  #book!: Book;
  #bookPosition = '';
  #bookRevision = -1;
  /** Where counting stands, and how far subscribers were told. */
  #reach!: Reach;
  #told!: Reach;
  /** The settings by which was told how requests stand. */
  #installation: Installation;
  #leave: (() => void) | undefined;
  #working = true;
  #tellingRequests: Promise<void> = Promise.resolve();
  #onBroken: () => void = () => undefined;

  private constructor(workspaceId: WorkspaceId, parts: FeedParts) {
    this.workspaceId = workspaceId;
    this.#parts = parts;
    this.#installation = parts.desk.outside.installation;
    this.#names = new LiveNames(parts.desk.outside, parts.tables, parts.patience);
    this.#starts = new VisitStarts(workspaceId, parts);
  }

  /** @throws {NotNow | LogUnavailable} */
  static async open(workspaceId: WorkspaceId, parts: FeedParts): Promise<WorkspaceFeed> {
    const feed = new WorkspaceFeed(workspaceId, parts);
    const { from, leave } = await feed.#listen();
    feed.#leave = leave;
    try {
      const { state, revision, position } = await parts.desk.look(workspaceId);
      feed.#book = state;
      feed.#bookPosition = position;
      feed.#bookRevision = revision;
      feed.#names.learnBook(workspaceId, state);
      feed.#reach = await reachAt(parts.log, workspaceId, from);
      feed.#told = { ...feed.#reach };
      await feed.#starts.find(state);
    } catch (error) {
      leave();
      throw error;
    }
    void feed.#work();
    return feed;
  }

  /** Hears the book, and the settings in force; of those the live door has heard first, and the desk knows them. */
  async #listen(): ReturnType<LogFollowing['listen']> {
    const { following } = this.#parts;
    const outside = await following.listenOutside({
      hear: (fact) => changesSettings(fact) && this.hear(fact),
      // Told by the book's own listener.
      lost: () => undefined,
    });
    try {
      const { from, leave } = await following.listen(this.workspaceId, this);
      return { from, leave: () => [leave, outside.leave].forEach((each) => each()) };
    } catch (error) {
      outside.leave();
      throw error;
    }
  }

  /** The book as it stands; rights are asked of it. */
  get book(): Book {
    return this.#book;
  }

  /** The words that are in force. */
  get words(): WordSet {
    return wordsOf(this.#parts.desk.outside.installation.policy);
  }

  /** How requests stand by the book and the settings in force. */
  get standing(): StandingNow {
    return standingIn(this.#book, this.#parts.desk.outside.installation);
  }

  get bookPosition(): string {
    return this.#bookPosition;
  }

  /** How far subscribers were told; who joins in the same turn hears what stands behind. */
  get told(): Reach {
    return { ...this.#told };
  }

  /** Hears of it when this feed can't go on; whoever comes then needs another. */
  whenBroken(onBroken: () => void): void {
    this.#onBroken = onBroken;
  }

  join(subscriber: Subscriber): () => void {
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  close(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#waiting.length = 0;
  }

  hear(fact: RecordedFact): void {
    if (this.#waiting.length >= WAITING_MAX) return this.#fallBehind();
    this.#waiting.push(fact);
    if (!this.#working) void this.#work();
  }

  lost(): void {
    for (const subscriber of [...this.#subscribers]) subscriber.lost();
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      while (this.#waiting.length > 0) {
        await this.#tell(this.#waiting.splice(0, BATCH));
        if (this.#waiting.length > 0) await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      if (!(error instanceof Gap)) this.#parts.onError(error);
      this.#fallBehind();
    }
    this.#working = false;
  }

  async #tell(facts: readonly RecordedFact[]): Promise<void> {
    const settings = facts.findLast(changesSettings);
    const numbered: Numbered[] = facts.flatMap((fact) =>
      changesSettings(fact) ? [] : (count(this.#reach, fact) ?? []),
    );
    if (numbered.length === 0 && !settings) return;
    const own = numbered.findLast(({ fact }) => !isDenial(fact));
    const look = own && (await this.#lookBehind(own.fact.position));
    if (own && !look) return;
    if (look) this.#names.learnBook(this.workspaceId, look.state);
    const reads = this.#starts.learn(numbered.map(({ fact }) => fact));
    const wanted = [...this.#subscribers].some(({ lines }) => lines);
    const lines = wanted ? await linesOf(numbered, this.#parts.envelope, this.#names) : () => [];
    if (!wanted) for (const fact of reads) this.#names.learn(fact);

    // From here on in one turn: who joins does so before all of it or behind it.
    this.#told = { ...this.#reach };
    const before = this.#book;
    const settingsBefore = this.#installation;
    this.#installation = this.#parts.desk.outside.installation;
    if (look) {
      this.#book = look.state;
      this.#bookPosition = look.position;
      this.#bookRevision = look.revision;
    }
    const mayStandOtherwise = this.#mayStandOtherwise(before, settingsBefore);
    // Rights first: nothing is told to who has just lost them.
    if (mayStandOtherwise) this.#each((subscriber) => subscriber.recheck());
    const change = look && this.#changeFrom(before);
    this.#each((subscriber) => {
      if (subscriber.lines) subscriber.lines(lines);
      else if (change) subscriber.changed?.(change);
    });
    const others = mayStandOtherwise ? this.#standOtherwise(before, settingsBefore) : [];
    this.#tellRequests(facts.filter(isAboutRequests), others, settings?.position);
    this.#starts.forget(this.#book);
  }

  /** In order, and behind everything else: what the tables say of requests keeps no end of a visit waiting. */
  #tellRequests(facts: readonly RecordedFact[], others: readonly string[], settingsAt = ''): void {
    const at = facts.at(-1)?.position ?? this.#bookPosition;
    const position = at > settingsAt ? at : settingsAt;
    if (facts.length + others.length === 0 || ![...this.#subscribers].some(({ requests }) => requests)) return;
    const finding = this.#parts.requests.behind(facts, { ids: others, position });
    finding.catch(() => undefined);
    this.#tellingRequests = this.#tellingRequests
      .then(async () => {
        const requests = await finding;
        if (requests.length === 0) return;
        const news = { position, requests, openIds: openIds(this.#book, this.#parts.clock.now()) };
        this.#each((subscriber) => subscriber.requests?.(news));
      })
      .catch(() => this.#fallBehind());
  }

  #mayStandOtherwise({ workspace, tightening }: Book, { policy, catalogue }: Installation): boolean {
    const [book, installation] = [this.#book, this.#installation];
    const isSameBook = workspace === book.workspace && tightening === book.tightening;
    return !isSameBook || policy !== installation.policy || catalogue !== installation.catalogue;
  }

  /** Requests of which nothing was written, and which others decide about by the settings or roles of now. */
  #standOtherwise(before: Book, installation: Installation): string[] {
    const { workspaceId } = this;
    const [was, is] = [standingIn(before, installation), standingIn(this.#book, this.#installation)];
    const text = (standing: StandingNow, id: string) => JSON.stringify(standing({ id, workspaceId }));
    return openIds(this.#book, this.#parts.clock.now()).filter((id) => text(was, id) !== text(is, id));
  }

  #each(tell: (subscriber: Subscriber) => void): void {
    for (const subscriber of [...this.#subscribers]) {
      try {
        tell(subscriber);
      } catch (error) {
        this.#parts.onError(error);
      }
    }
  }

  /** The book's newest state, which holds at least this position; `undefined` once nobody listens any more. */
  async #lookBehind(position: string) {
    for (;;) {
      const look = await this.#parts.desk.look(this.workspaceId).catch(() => undefined);
      if (look && look.position >= position) return look;
      if (!this.#leave) return undefined;
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  #fallBehind(): void {
    this.#onBroken();
    this.close();
    this.#each((subscriber) => subscriber.fellBehind());
  }

  /** Every visit that goes on, and the switch, as they stand: what a subscription begins with. */
  now(): BookChange {
    const { sessions } = this.#book;
    return { ...this.#change(sessions.live()), staffAccess: this.#staffAccess(), ended: this.#endings(sessions.all) };
  }

  #changeFrom(before: Book): BookChange | undefined {
    const changed = this.#book.sessions.all.filter((session) => {
      const was = before.sessions.get(session.id);
      if (session.phase === 'ended') return was !== session && was?.phase !== 'ended';
      // That its one action was used stands with the grant, not with the visit.
      return was !== session || this.#grantPhase(before, session.id) !== this.#grantPhase(this.#book, session.id);
    });
    const switched = before.staffAccess !== this.#book.staffAccess;
    if (changed.length === 0 && !switched) return undefined;
    return { ...this.#change(changed), ...(switched && { staffAccess: this.#staffAccess() }) };
  }

  #grantPhase({ grants }: Book, id: SessionId): Grant['phase'] | undefined {
    return grants.length === 0 ? undefined : grantOfSession(grants, id)?.phase;
  }

  #change(changed: readonly SessionState[]): BookChange {
    const position = this.#bookPosition;
    const now = this.#parts.clock.now();
    const activeSessionIds = this.#book.sessions.all.flatMap((session) =>
      session.phase === 'live' && now < plannedEnding(this.#book, session).at ? [session.id] : [],
    );
    const sessions = changed.map((state) => {
      const session = this.#shown(state);
      const event = Object.assign(new SessionChanged(), { position, session, activeSessionIds });
      return { staffId: state.staffId, event };
    });
    return { position, sessions, ended: this.#endings(changed), staffAccess: undefined };
  }

  #endings(sessions: readonly SessionState[]): BookChange['ended'] {
    return sessions.flatMap((session) => {
      if (session.phase !== 'ended') return [];
      return { staffId: session.staffId, event: this.#revoked(session) };
    });
  }

  #revoked({ id, cause, at }: EndedSession): AccessRevoked {
    return revoked(this.#bookPosition, id, cause, at, this.words);
  }

  #shown(session: SessionState): Session | null {
    if (session.phase === 'ended') {
      const known = this.#starts.shown(session.id);
      return known ? Object.assign(known, ended(session.at, session.cause)) : null;
    }
    const known = this.#starts.whatIsKnown(session.id);
    const end = plannedEnding(this.#book, session, Infinity).at;
    const shown = fromBook(
      this.workspaceId,
      session,
      grantOfSession(this.#book.grants, session.id),
      end,
      known,
      this.#book,
    );
    if (known?.page != null) shown.currentPage = known.page;
    return this.#starts.keep(shown);
  }

  #staffAccess(): StaffAccessChanged {
    const { clock, desk } = this.#parts;
    const now = clock.now();
    const book = withDue(this.#book, settle(this.#book, now), now);
    const staffAccess = shownStaffAccess({
      workspaceId: this.workspaceId,
      book,
      revision: this.#bookRevision,
      installation: desk.outside.installation,
      now,
    });
    return Object.assign(new StaffAccessChanged(), { position: this.#bookPosition, staffAccess });
  }
}

export function revoked(
  position: string,
  sessionId: SessionId | string,
  endCause: AccessRevoked['endCause'],
  at: number,
  words: WordSet,
): AccessRevoked {
  const sentence = endCause === null ? 'The visit has ended' : endSentence(words, endCause);
  return Object.assign(new AccessRevoked(), { position, sessionId, endCause, endedAt: new Date(at), sentence });
}
