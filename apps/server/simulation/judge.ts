import type { Appended, NewFact, RecordedFact } from '#event-log/port';
import type { BookOutcome } from '../desk/desk.ts';
import type { Call } from './call.ts';
import { judgeDenials } from './judge-denials.ts';
import type { Store } from './store.ts';
import type { World } from './world.ts';

/** How far a clock may be off that is still trusted (design.md, "Time"), with a little for rounding and for measuring. */
const SKEW_MS = 2000 + 50;
/** Nobody waits longer: in the queue, for the log's own time-out, and for what is settled again. */
const WAIT_MS = 13_000;
/** How old the states of staff members may be that a yes relies on: silence, and an answer that is slow. */
const STAFF_LATE_MS = 4000;

interface Visit {
  readonly started: string;
  readonly plannedEnd: number;
  readonly idleMs: number;
  readonly caseId: string;
  readonly staffId: string;
  lastInput: number;
  ended: boolean;
}

interface Seen {
  until: number | null;
  readonly visits: Map<string, Visit>;
  readonly graceEnds: Map<string, number>;
}

interface Metadata {
  readonly time: string;
  readonly commandId?: string;
}
type Data = Readonly<Record<string, string | number | boolean | null>>;

const INSIDE = new Set([
  'SessionStarted',
  'SessionEntered',
  'AreaEntered',
  'PageViewed',
  'RowsShown',
  'PartClicked',
  'PresenceConfirmed',
]);
const BY_CLOCK = new Set(['idle', 'reached its cap', 'window ended', 'case closed']);
const NEEDS_VISIT = new Set(['ViewPage', 'EnterSession', 'ConfirmPresence', 'ContinueVisit']);

/** Watches the log as it is written and the answers as they are given, and knows nothing of the desk's code. */
export class Judge {
  readonly violations: string[] = [];
  longestWait = 0;
  slowestOff = 0;
  calmOffs = 0;
  secondVisits = 0;
  readonly #world: World;
  readonly #store: Store;
  readonly #books = new Map<string, Seen>();
  /** When a fact's batch was first sent, true time. */
  readonly #sent = new Map<string, number>();
  /** Facts that were once sent without a revision: a server that forgets may store them again. */
  readonly #places = new Map<string, RecordedFact[]>();
  readonly #effects = new Map<string, RecordedFact>();
  readonly #offs = new Map<string, { readonly position: string; readonly at: number }[]>();
  readonly #over = new Map<string, number>();
  readonly #disabled = new Map<string, number>();
  /** The first answer to a command that says something, and when it was given. */
  readonly #answers = new Map<string, { readonly kind: string; readonly at: number }>();

  constructor(world: World, store: Store) {
    this.#world = world;
    this.#store = store;
    store.onFact((fact) => this.#fact(fact));
  }

  readonly sent = (facts: readonly NewFact[]): void => {
    for (const { id } of facts) if (!this.#sent.has(id)) this.#sent.set(id, this.#world.time);
  };

  #wrong(what: string): void {
    this.violations.push(what);
    this.#world.note(`WRONG: ${what}`);
  }

  #fact(fact: RecordedFact): void {
    const { stream, id, type } = fact;
    const before = this.#store.stream(stream).at(-2);
    if (fact.revision !== (before?.revision ?? -1) + 1) this.#wrong(`the revisions of ${stream} have a hole`);
    const places = this.#places.get(id) ?? [];
    this.#places.set(id, [...places, fact]);
    if (places.length > 0) {
      // Streams of denials take repeats, and whoever folds them drops them by their id.
      const isForced = this.#store.restarts > 0 && (type === 'StaffAccessDisabled' || type === 'SessionEnded');
      if (type !== 'AttemptDenied' && !isForced) this.#wrong(`${type}#${id.slice(-4)} stands twice`);
    }
    if (stream.startsWith('workspace-')) this.#bookFact(fact, before, places.length > 0);
  }

  #bookFact(fact: RecordedFact, before: RecordedFact | undefined, isRepeat: boolean): void {
    const data = JSON.parse(fact.data) as Data;
    const { time: text, commandId } = JSON.parse(fact.metadata) as Metadata;
    const time = Date.parse(text);
    const sent = this.#sent.get(fact.id) ?? this.#world.time;
    const name = `${fact.type}#${fact.id.slice(-4)}`;
    let seen = this.#books.get(fact.stream);
    if (!seen) this.#books.set(fact.stream, (seen = { until: null, visits: new Map(), graceEnds: new Map() }));

    if (time > sent + SKEW_MS) this.#wrong(`${name} says a time ${time - sent} ms ahead of the true one`);
    if (time < sent - SKEW_MS) this.#wrong(`${name} says a time ${sent - time} ms behind the true one`);
    const byClock = BY_CLOCK.has(String(data['cause'])) && typeof data['at'] === 'string';
    if (byClock && Date.parse(String(data['at'])) > sent + SKEW_MS) this.#wrong(`${name} ends before its time`);
    // A visit that went beyond its budget ends with a refusal, which is no effect of the command.
    const isEffect = commandId !== undefined && !byClock && data['cause'] !== 'too fast';
    if (isEffect && !isRepeat) {
      const known = this.#effects.get(commandId);
      if (known && (known.stream !== fact.stream || commandOf(before) !== commandId))
        this.#wrong(`command ${commandId} has two effects: ${known.type} and ${name}`);
      this.#effects.set(commandId, fact);
    }
    if (INSIDE.has(fact.type)) this.#inside(seen, fact, data, time, sent);
    this.#fold(seen, fact, data, time);
  }

  #inside(seen: Seen, fact: RecordedFact, data: Data, time: number, sent: number): void {
    const name = `${fact.type}#${fact.id.slice(-4)}`;
    if (seen.until === null) return this.#wrong(`${name} stands behind an off`);
    const visit = seen.visits.get(String(data['sessionId']));
    let end = seen.until;
    if (fact.type === 'SessionStarted') this.#seats(fact, data, sent);
    else {
      if (!visit || visit.ended) return this.#wrong(`${name} stands behind its visit’s end`);
      end = endOf(seen, visit);
    }
    if (time >= end) this.#wrong(`${name} stands ${time - end} ms behind its end by its own time`);
    if (sent > end + SKEW_MS) this.#wrong(`${name} was decided ${sent - end} ms behind the true end`);
  }

  /**
   * One visit at a time for a staff member, wherever it is. Counted only: a seat whose holder has not begun yet can be
   * taken over while the holder is beginning.
   */
  #seats(fact: RecordedFact, data: Data, sent: number): void {
    for (const seen of this.#books.values()) {
      for (const [sessionId, visit] of seen.visits) {
        if (visit.staffId !== data['staffId'] || visit.ended || sessionId === data['sessionId']) continue;
        if (endOf(seen, visit) <= sent + SKEW_MS) continue;
        this.secondVisits++;
        this.#world.note(`${fact.type}#${fact.id.slice(-4)} is a second visit of ${visit.staffId}`);
      }
    }
  }

  /**
   * Counts the races of one instance between two starts: what turns off may lose three until it gets through. The same
   * command that is sent again later, or to another instance, has three again.
   */
  countRaces(): { lost(facts: readonly NewFact[]): void; through(facts: readonly NewFact[]): void } {
    const lost = new Map<string, number>();
    const offs = (facts: readonly NewFact[]) =>
      facts.flatMap(({ type, metadata }) => {
        const { commandId } = JSON.parse(metadata) as Metadata;
        return type === 'StaffAccessDisabled' && commandId !== undefined ? [commandId] : [];
      });
    return {
      lost: (facts) => {
        for (const commandId of offs(facts)) {
          const races = (lost.get(commandId) ?? 0) + 1;
          lost.set(commandId, races);
          if (races > 3) this.#wrong(`an off lost ${races} races`);
        }
      },
      through: (facts) => offs(facts).forEach((commandId) => lost.delete(commandId)),
    };
  }

  #fold(seen: Seen, { type, position }: RecordedFact, data: Data, time: number): void {
    const visit = seen.visits.get(String(data['sessionId']));
    switch (type) {
      case 'StaffAccessEnabled':
        seen.until = Date.parse(String(data['until']));
        break;
      case 'StaffAccessDisabled':
        seen.until = null;
        for (const each of seen.visits.values()) each.ended = true;
        break;
      case 'CaseOpened':
        seen.graceEnds.delete(String(data['caseId']));
        break;
      case 'CaseClosed':
        seen.graceEnds.set(String(data['caseId']), time + Number(data['graceMinutes']) * 60_000);
        break;
      case 'SessionStarted':
        seen.visits.set(String(data['sessionId']), {
          started: position,
          plannedEnd: Date.parse(String(data['plannedEnd'])),
          idleMs: Number(data['idleMinutes']) * 60_000,
          caseId: String(data['caseId']),
          staffId: String(data['staffId']),
          lastInput: time,
          ended: false,
        });
        break;
      case 'SessionEnded':
        if (visit) visit.ended = true;
        break;
      case 'SessionEntered':
      case 'PresenceConfirmed':
        if (visit) visit.lastInput = time;
        break;
      case 'PageViewed':
      case 'PartClicked':
        if (visit && data['input'] === true) visit.lastInput = time;
    }
  }

  /** An append was answered as done. */
  readonly acknowledged = (stream: string, facts: readonly NewFact[], { revision, position }: Appended): void => {
    const stands = this.#store.stream(stream);
    // What was sent again a second time stands where it was sent first, also among others.
    if (stream.startsWith('denials-')) {
      if (facts.some(({ id }) => !this.#places.has(id))) this.#wrong(`an acknowledged append to ${stream} is lost`);
      return;
    }
    for (const [i, { id }] of facts.entries()) {
      if (stands[revision - facts.length + 1 + i]?.id !== id)
        this.#wrong(`an acknowledged append to ${stream} is lost`);
    }
    if (stands[revision]?.position !== position) this.#wrong(`an acknowledged append to ${stream} stands elsewhere`);
  };

  /** A caller got an answer, or won't get one. */
  answered(call: Call, calmSince: number): void {
    const { instance, begun, ended = this.#world.now, outcome, command, sessionId } = call;
    const wait = ended - begun;
    if (instance.frozenUntil < begun) {
      this.longestWait = Math.max(this.longestWait, wait);
      if (wait > WAIT_MS) this.#wrong(`${call.name} waited ${wait} ms`);
    }
    if (call.error !== undefined) this.#wrong(`${call.name} broke: ${String(call.error)}`);
    if (command.type === 'DisableStaffAccess' && calmSince < begun) {
      this.calmOffs++;
      this.slowestOff = Math.max(this.slowestOff, wait);
      if (call.notNow !== undefined) this.#wrong(`${call.name} was not taken in calm weather: ${call.notNow}`);
      else if (wait > 1000) this.#wrong(`${call.name} took ${wait} ms in calm weather`);
    }
    if (!outcome) return;
    this.#repeats(call, outcome);
    if (outcome.kind === 'accepted') {
      for (const { id } of outcome.facts) {
        const places = this.#places.get(id) ?? [];
        if (places.length === 0) this.#wrong(`${call.name} was answered with a fact that stands nowhere`);
        else if (!places.some(({ position }) => position <= outcome.position))
          this.#wrong(`${call.name} was answered with another place than its fact’s`);
      }
      if (NEEDS_VISIT.has(command.type)) this.#yes(call, call.workspaceId, sessionId);
      if (command.type === 'DisableStaffAccess') {
        const [off] = outcome.facts.filter(({ type }) => type === 'StaffAccessDisabled');
        // Where it was off already, nothing that had begun before may go on.
        const position = (off && this.#places.get(off.id)?.[0]?.position) ?? call.head;
        const offs = this.#offs.get(call.workspaceId) ?? [];
        this.#offs.set(call.workspaceId, [...offs, { position, at: ended }]);
      }
      if ((command.type === 'EndSession' || command.type === 'ExitSession') && sessionId !== undefined)
        this.#over.set(sessionId, ended);
    }
  }

  #yes(call: Call, workspaceId: string, sessionId: string | undefined): void {
    const visit = this.#books.get(`workspace-${workspaceId}`)?.visits.get(sessionId ?? '');
    if (!visit) return this.#wrong(`${call.name} got a yes for a visit that doesn’t stand in the log`);
    const off = this.#offs.get(workspaceId)?.find(({ at, position }) => at < call.begun && position >= visit.started);
    if (off) this.#wrong(`${call.name} got a yes after an off was acknowledged`);
    if ((this.#over.get(sessionId ?? '') ?? Infinity) < call.begun)
      this.#wrong(`${call.name} got a yes after the visit’s end was acknowledged`);
    const disabledAt = this.#disabled.get(visit.staffId) ?? Infinity;
    const since = Math.max(disabledAt, call.instance.frozenUntil) + STAFF_LATE_MS;
    if (since < call.begun) this.#wrong(`${call.name} got a yes though the staff member was disabled`);
  }

  /** A staff member was disabled or enabled, and that was acknowledged. */
  staffTold(staffId: string, isEnabled: boolean | undefined): void {
    if (isEnabled === false) this.#disabled.set(staffId, this.#world.now);
    else this.#disabled.delete(staffId);
  }

  /** One command, one effect: whatever was answered first goes on being the answer. */
  #repeats({ commandId, payload, name, begun }: Call, outcome: BookOutcome): void {
    const { kind } = outcome;
    // What wrote nothing is decided again.
    if (commandId === undefined || (kind === 'accepted' && outcome.facts.length === 0)) return;
    const key = `${commandId} ${payload}`;
    const known = this.#answers.get(key);
    if (known?.kind === 'refused' && kind === 'repeated' && !this.#effects.has(commandId))
      this.#wrong(`${name} was refused, and then answered as done`);
    // One that was on its way already may have been refused before the other was done, and hears of it later.
    if (known?.kind === 'accepted' && kind === 'refused' && begun >= known.at)
      this.#wrong(`${name} was done, and then refused`);
    if (known === undefined || known.kind === 'refused') this.#answers.set(key, { kind, at: this.#world.now });
  }

  /** What can only be said in the end. */
  finish(calls: readonly Call[]): void {
    for (const call of calls) {
      if (call.ended === undefined) this.#wrong(`${call.name} was never answered`);
    }
    for (const wrong of judgeDenials(calls, this.#store)) this.#wrong(wrong);
  }
}

function endOf({ until, graceEnds }: Seen, { plannedEnd, lastInput, idleMs, caseId }: Visit): number {
  return Math.min(until ?? -Infinity, plannedEnd, lastInput + idleMs, graceEnds.get(caseId) ?? Infinity);
}

function commandOf(fact: RecordedFact | undefined): string | undefined {
  return fact && (JSON.parse(fact.metadata) as Metadata).commandId;
}
