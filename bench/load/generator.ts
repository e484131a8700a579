/**
 * The load generator, a process of its own so that it can have a core of its own. Driven over IPC by `drive.ts`:
 * argument 1 is the file of request templates; each `Run` it is sent is answered by `began` and `ended` at the edges
 * of the measured time, then by `done` with the `Tally` when the requests in flight have been answered. `enough` ends
 * the measured time of the run that goes on.
 */
import { connect, type Socket } from 'node:net';
import { Latencies } from './latencies.ts';
import { COUNTER_WIDTH, loadTemplates } from './requests.ts';
import { readResponse } from './response.ts';

/** One run against one server. */
export interface Run {
  readonly host: string;
  readonly port: number;
  /** Each has one request in flight at a time. */
  readonly connections: number;
  readonly warmSeconds: number;
  readonly seconds: number;
  /** The record number of the first request; the following ones count up. */
  readonly firstRecord: number;
  /** What an answer that says yes holds; default: a decision's own. */
  readonly yes?: string;
}

interface Counts {
  /** Answers with a 2xx status. */
  ok: number;
  /** Answers with any other status. */
  other: number;
  /** Answers that say yes: `"decision":true`, or what the run names. */
  yes: number;
  /** Connections that broke, or could not be opened. */
  broken: number;
}

export interface Tally {
  /** Within the measured time. */
  readonly measured: Counts & {
    readonly seconds: number;
    readonly p50: number;
    readonly p99: number;
    /** Processor time of the generator over wall time. */
    readonly busy: number;
  };
  /** Everything, warm-up and the last answers included. */
  readonly whole: Counts & { readonly sent: number; readonly unanswered: number };
}

export type Report = 'ready' | 'began' | 'ended' | { readonly done: Tally };

const DRAIN_MS = 3000;
const DECIDED = '"decision":true';

const templates = loadTemplates(process.argv[2]!);
const report = (message: Report): void => void process.send!(message);

/** Ends the measured time of the run that was asked for last. */
let enough: () => void = () => {};
let nextTemplate = 0;

/** The next request's bytes, its counter written in. A template comes round again long after its bytes were taken. */
function requestBytes(record: number): Buffer {
  const { bytes, counterAt } = templates[nextTemplate]!;
  nextTemplate = nextTemplate + 1 === templates.length ? 0 : nextTemplate + 1;
  for (let place = counterAt + COUNTER_WIDTH - 1, rest = record; place >= counterAt; place -= 1) {
    const tenth = Math.trunc(rest / 10);
    bytes[place] = 48 + rest - tenth * 10;
    rest = tenth;
  }
  return bytes;
}

const zero = (): Counts => ({ ok: 0, other: 0, yes: 0, broken: 0 });

async function perform(run: Run, ended: Promise<void>): Promise<Tally> {
  const yes = run.yes ?? DECIDED;
  const warm = zero();
  const measured = zero();
  const last = zero();
  let counts = warm;
  let latencies = new Latencies();
  let record = run.firstRecord;
  let inFlight = 0;
  let stopping = false;
  const sockets = new Set<Socket>();
  const drained = Promise.withResolvers<void>();

  const open = (): void => {
    let sentAt = 0;
    let waiting = false;
    let held = '';
    const buffer = Buffer.allocUnsafeSlow(16 * 1024);

    const send = (): void => {
      inFlight += 1;
      waiting = true;
      sentAt = performance.now();
      socket.write(requestBytes(record));
      record += 1;
    };
    const receive = (size: number): boolean => {
      let text = buffer.toString('latin1', 0, size);
      if (held !== '') text = held + text;
      const response = readResponse(text);
      if (response === undefined) {
        held = text;
        return true;
      }
      if (response.end !== text.length) throw new Error('more came back than one answer to one request');
      held = '';
      inFlight -= 1;
      waiting = false;
      latencies.add(performance.now() - sentAt);
      if (response.status >= 200 && response.status < 300) counts.ok += 1;
      else counts.other += 1;
      if (text.indexOf(yes, response.bodyAt) >= 0) counts.yes += 1;
      if (!stopping) send();
      else if (inFlight === 0) drained.resolve();
      return true;
    };
    const socket = connect({
      host: run.host,
      port: run.port,
      noDelay: true,
      onread: { buffer, callback: receive },
    });
    sockets.add(socket);
    socket.once('connect', send);
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      if (waiting) inFlight -= 1;
      if (waiting || !stopping) counts.broken += 1;
      if (stopping) {
        if (inFlight === 0) drained.resolve();
        return;
      }
      // Not at once: a server that is down must not turn the generator into a loop.
      setTimeout(() => stopping || open(), 10);
    });
  };

  for (let index = 0; index < run.connections; index += 1) open();
  await pause(run.warmSeconds);

  counts = measured;
  latencies = new Latencies();
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  report('began');
  await Promise.race([pause(run.seconds), ended]);
  report('ended');
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = process.cpuUsage(cpuBefore);
  const inTime = latencies;

  counts = last;
  latencies = new Latencies();
  stopping = true;
  if (inFlight === 0) drained.resolve();
  const giveUp = setTimeout(() => drained.resolve(), DRAIN_MS);
  await drained.promise;
  clearTimeout(giveUp);
  const sent = record - run.firstRecord;
  const unanswered = sent - [warm, measured, last].reduce((sum, { ok, other }) => sum + ok + other, 0);
  for (const socket of sockets) socket.destroy();

  return {
    measured: {
      ...measured,
      seconds,
      p50: inTime.quantile(0.5),
      p99: inTime.quantile(0.99),
      busy: (cpu.user + cpu.system) / 1e6 / seconds,
    },
    whole: {
      ok: warm.ok + measured.ok + last.ok,
      other: warm.other + measured.other + last.other,
      yes: warm.yes + measured.yes + last.yes,
      broken: warm.broken + measured.broken + last.broken,
      sent,
      unanswered,
    },
  };
}

function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

let queue = Promise.resolve();
process.on('message', (asked: Run | 'enough') => {
  if (asked === 'enough') {
    enough();
    return;
  }
  const { promise, resolve } = Promise.withResolvers<void>();
  enough = resolve;
  queue = queue.then(async () => report({ done: await perform(asked, promise) }));
});
process.on('disconnect', () => process.exit(0));
report('ready');
