import { join } from 'node:path';
import { evolveNames, noNames, sentenceFor, type Names } from '#wording/wording';
import { envelopeWith, UnreadableFact, type StoredFact } from '#event-log/envelope';
import type { LogReader, RecordedFact } from '#event-log/port';
import { LogUnavailable } from '#event-log/port';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { CommandFailed, EXIT } from './exit.ts';
import type { Common } from './options.ts';
import { shownClock, shownTime } from './shown.ts';
import { complain, say, sayJson } from './printed.ts';

type Range = Common & { readonly ndjson: boolean; readonly withDenials: boolean };
type Replay = Range & { readonly from?: string; readonly to?: string };

const BOOKS = ['workspace-', 'denials-ws_'];

/** Speaks facts in the log's order; the names come from the facts themselves. */
class Speaker {
  #names: Names = noNames;
  readonly #asFacts: boolean;

  constructor(asFacts: boolean) {
    this.#asFacts = asFacts;
  }

  hear(recorded: RecordedFact, aloud: boolean): void {
    let fact: StoredFact | undefined;
    try {
      fact = envelope.decode(recorded);
    } catch (error) {
      if (!(error instanceof UnreadableFact)) throw error;
    }
    if (fact) this.#names = evolveNames(this.#names, fact);
    if (!aloud) return;
    if (this.#asFacts) {
      sayJson(fact ?? recorded);
      return;
    }
    const { text, detail } = fact
      ? sentenceFor(fact, this.#names, shownTime)
      : { text: `A line that this version can’t read (${recorded.type})`, detail: undefined };
    say(`${shownClock(fact?.metadata.time ?? recorded.recordedAt)}  ${String(recorded.revision).padStart(5)}  ${text}`);
    if (detail !== undefined) say(`${' '.repeat(28)}${detail}`);
  }
}

const envelope = envelopeWith();

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
  const log = openLog(options);
  try {
    const id = await workspaceIn(log, workspace);
    const from = placeFrom(options.from, 'from');
    const to = placeFrom(options.to, 'to');
    const speaker = new Speaker(options.json || options.ndjson);
    // Staff members' names come from their own streams, before the book speaks of them.
    for await (const fact of log.readAll({ streamPrefixes: ['staff-'] })) speaker.hear(fact, false);
    const streams = options.withDenials ? [`workspace-${id}`, `denials-${id}`] : [`workspace-${id}`];
    for await (const fact of log.readAll({ streamPrefixes: streams })) {
      speaker.hear(fact, !isBefore(fact, from) && !isBehind(fact, to));
    }
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
    const speaker = new Speaker(options.json || options.ndjson);
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
  if (meant.startsWith('ws_')) return meant;
  const known: string[] = [];
  for await (const recorded of log.readAll({ streamPrefixes: ['workspace-'] })) {
    if (recorded.type !== 'WorkspaceRegistered') continue;
    const { workspaceId, externalId } = envelope.decode(recorded).data as { workspaceId: string; externalId: string };
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
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new CommandFailed(
      EXIT.usage,
      `--${option}: "${text}" is neither a revision (12) nor a time (2026-11-21T09:00:00Z).`,
    );
  }
  return { time };
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
