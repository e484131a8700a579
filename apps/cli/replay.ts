import { join } from 'node:path';
import { evolveNames, noNames, sentenceFor, type Names } from '#wording/wording';
import { envelopeWith, UnreadableFact, type StoredFact } from '#event-log/envelope';
import type { LogReader, RecordedFact } from '#event-log/port';
import { LogUnavailable } from '#event-log/port';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { CommandFailed, EXIT } from './exit.ts';
import { instantIn, type Common } from './options.ts';
import { shownClock, shownTime } from './shown.ts';
import { complain, say, sayJson } from './printed.ts';

type Range = Common & { readonly ndjson: boolean; readonly withDenials: boolean };
type Replay = Range & { readonly from?: string; readonly to?: string };

const BOOKS = ['workspace-', 'denials-ws_'];

/** Speaks facts in the log's order; the names come from the facts themselves. */
class Speaker {
  #names: Names = noNames;
  readonly #asFacts: boolean;
  /** The product's ids of workspaces by ours, where lines say which one they are of. */
  readonly #workspaces: Map<string, string> | undefined;

  constructor(asFacts: boolean, isOfAll = false) {
    this.#asFacts = asFacts;
    this.#workspaces = isOfAll ? new Map() : undefined;
  }

  hear(recorded: RecordedFact, aloud: boolean): void {
    let fact: StoredFact | undefined;
    try {
      fact = envelope.decode(recorded);
    } catch (error) {
      if (!(error instanceof UnreadableFact)) throw error;
    }
    if (fact) this.#names = evolveNames(this.#names, fact);
    if (fact?.type === 'WorkspaceRegistered') {
      const { workspaceId, externalId } = fact.data as Registered;
      this.#workspaces?.set(workspaceId, externalId);
    }
    if (!aloud) return;
    if (this.#asFacts) {
      sayJson(fact ?? recorded);
      return;
    }
    const { text, detail } = fact
      ? sentenceFor(fact, this.#names, shownTime)
      : { text: `A line that this version can’t read (${recorded.type})`, detail: undefined };
    const clock = shownClock(fact?.metadata.time ?? recorded.recordedAt);
    say(`${clock}  ${String(recorded.revision).padStart(5)}  ${this.#whose(recorded)}${text}`);
    if (detail !== undefined) say(`${' '.repeat(28)}${detail}`);
  }

  #whose({ stream }: RecordedFact): string {
    if (!this.#workspaces) return '';
    const id = stream.slice(stream.indexOf('-') + 1);
    return `${this.#workspaces.get(id) ?? id}: `;
  }
}

const envelope = envelopeWith();

interface Registered {
  readonly workspaceId: string;
  readonly externalId: string;
}

/** @throws {CommandFailed} */
export function openLog({ dataDir }: Common): LogReader {
  try {
    return openSqliteLogReader({ directory: join(dataDir, 'log') });
  } catch (error) {
    if (error instanceof LogUnavailable)
      throw new CommandFailed(EXIT.unreachable, `${error.message} (--data-dir names the folder)`);
    throw error;
  }
}

export async function replay(workspace: string, options: Replay): Promise<void> {
  const from = placeFrom(options.from, 'from');
  const to = endOf(placeFrom(options.to, 'to'), options.to);
  if (isBackwards(from, to)) throw new CommandFailed(EXIT.usage, '--from lies behind --to.');
  const log = openLog(options);
  try {
    const id = await workspaceIn(log, workspace);
    const speaker = new Speaker(options.json || options.ndjson);
    // Staff members' names come from their own streams, before the book speaks of them.
    for await (const fact of log.readAll({ streamPrefixes: ['staff-'] })) speaker.hear(fact, false);
    const streams = options.withDenials ? [`workspace-${id}`, `denials-${id}`] : [`workspace-${id}`];
    let heard = 0;
    for await (const fact of log.readAll({ streamPrefixes: streams })) {
      const aloud = !isBefore(fact, from) && !isBehind(fact, to);
      if (aloud) heard++;
      speaker.hear(fact, aloud);
    }
    if (heard === 0) complain('No fact of this workspace stands there.');
  } finally {
    await log.close();
  }
}

export async function tail(workspace: string | undefined, options: Range): Promise<void> {
  const log = openLog(options);
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  try {
    const id = workspace === undefined ? undefined : await workspaceIn(log, workspace);
    const books = id === undefined ? BOOKS : [`workspace-${id}`, `denials-${id}`];
    const wanted = options.withDenials ? books : books.filter((book) => book.startsWith('workspace-'));
    const speaker = new Speaker(options.json || options.ndjson, id === undefined);
    let live = false;
    for await (const heard of log.follow({ streamPrefixes: ['staff-', ...wanted], signal: stop.signal })) {
      if (heard.kind === 'caughtUp') {
        live = true;
        complain('Following. Ctrl+C ends.');
      } else if (heard.kind === 'fact') speaker.hear(heard.fact, live && !heard.fact.stream.startsWith('staff-'));
    }
  } finally {
    await log.close();
  }
}

/** The id of the workspace that is meant: its id, or the product's own. @throws {CommandFailed} */
async function workspaceIn(log: LogReader, meant: string): Promise<string> {
  const known: string[] = [];
  for await (const recorded of log.readAll({ streamPrefixes: ['workspace-'] })) {
    if (recorded.stream === `workspace-${meant}`) return meant;
    if (recorded.type !== 'WorkspaceRegistered') continue;
    const { workspaceId, externalId } = envelope.decode(recorded).data as Registered;
    if (externalId === meant) return workspaceId;
    known.push(externalId);
  }
  throw new CommandFailed(EXIT.failed, `The log has no workspace “${meant}”. It has: ${known.join(', ') || 'none'}.`);
}

type Place = { readonly revision: number } | { readonly time: number } | undefined;

/** @throws {CommandFailed} */
function placeFrom(text: string | undefined, option: string): Place {
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return { revision: Number(text) };
  const time = instantIn(text);
  if (time === undefined) {
    throw new CommandFailed(
      EXIT.usage,
      `--${option}: "${text}" is neither a revision (12) nor a time with its zone (2026-11-21T09:00:00Z).`,
    );
  }
  return { time };
}

/** A time without a fraction is the whole second, as lines show it: whoever copies it from a line has that line. */
function endOf(place: Place, text: string | undefined): Place {
  if (!place || !('time' in place) || text?.includes('.')) return place;
  return { time: place.time + 999 };
}

function isBackwards(from: Place, to: Place): boolean {
  if (!from || !to) return false;
  if ('time' in from) return 'time' in to && from.time > to.time;
  return 'revision' in to && from.revision > to.revision;
}

function isBefore({ revision, recordedAt, stream }: RecordedFact, place: Place): boolean {
  if (!place) return false;
  if ('time' in place) return recordedAt < place.time;
  return stream.startsWith('workspace-') && revision < place.revision;
}

function isBehind({ revision, recordedAt, stream }: RecordedFact, place: Place): boolean {
  if (!place) return false;
  if ('time' in place) return recordedAt > place.time;
  return stream.startsWith('workspace-') && revision > place.revision;
}
