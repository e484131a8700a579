/**
 * How long "off" takes to reach every page: from its acknowledgement to the last socket closed, through the whole
 * service, against a bare server that closes as many sockets in one loop.
 */
import { once } from 'node:events';
import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GENERATOR_CORE, SERVER_CORE, spawnNode, stayOn } from './processor.ts';
import { bar, ratio, spread, type Bench, type BenchOptions, type Findings } from './report.ts';
import { startRevocable, VISITORS, type Revocable, type Standstill } from './revoke/service.ts';
import { openSockets } from './revoke/sockets.ts';

const FULL = { sockets: [100, 200, 1000, 5000], rounds: 5 };
const SHORT = { sockets: [100, 200], rounds: 1 };
const UNAUTHORIZED = 4401;
/** Of so many the slowest are asked for, of the others the ratio. */
const FEW = 200;

/** One off: milliseconds from the acknowledgement to the last close, and to that of 99 in 100. */
export interface Off {
  readonly lastMs: number;
  readonly p99Ms: number;
}

export interface OffOfOurs extends Off, Standstill {}

/** One of each a round. */
export interface Offs {
  readonly sockets: number;
  readonly ours: readonly OffOfOurs[];
  readonly bare: readonly Off[];
}

export const revoke: Bench = {
  name: 'revoke',
  summary: 'off acknowledged to the last socket closed, against a bare close of as many',
  run: async (options) => {
    const folder = mkdtempSync(join(tmpdir(), 'gatebook-bench-'));
    const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      return await measure(folder, closing, options);
    } finally {
      for (const close of closing.reverse()) await close();
    }
  },
};

async function measure(folder: string, closing: (() => unknown)[], options: BenchOptions): Promise<Findings> {
  stayOn(GENERATOR_CORE);
  const { sockets, rounds: standard } = options.short ? SHORT : FULL;
  const rounds = options.rounds ?? standard;
  const dataDir = join(folder, 'service');
  mkdirSync(dataDir);
  const service = await startRevocable(dataDir, Math.max(...sockets) / VISITORS);
  closing.push(() => service.stop());
  const bare = await startBare();
  closing.push(() => bare.stop());

  const offs = sockets.map((count) => ({ sockets: count, ours: [] as OffOfOurs[], bare: [] as Off[] }));
  // The first off of all is of code that has never run.
  await offOfOurs(service, 100);
  for (let round = 1; round <= rounds; round++) {
    for (const { sockets: count, ours, bare: theirs } of offs) {
      theirs.push(await offOfBare(bare.url, count));
      ours.push(await offOfOurs(service, count));
      const [mine, plain] = [ours.at(-1)!, theirs.at(-1)!];
      options.tell(
        `round ${round} of ${rounds}, ${count} sockets: ${mine.lastMs.toFixed(1)} ms, bare ${plain.lastMs.toFixed(1)} ms, ` +
          `stood still ${mine.wallMs.toFixed(1)} ms, by its own doing ${mine.ownMs.toFixed(1)} ms`,
      );
    }
  }
  return judge(offs, rounds);
}

async function offOfOurs(service: Revocable, count: number): Promise<OffOfOurs> {
  const greetings = await service.letIn(count);
  const open = await openSockets(service.socketAddress, greetings, { acknowledged: true });
  await service.followed(count);
  await service.standstill();
  const at = await service.off();
  const off = await offFrom(at, open.closed);
  return { ...off, ...(await service.standstill()) };
}

async function offOfBare(url: string, count: number): Promise<Off> {
  const greetings = Array.from({ length: count }, () => []);
  const open = await openSockets(url.replace('http', 'ws'), greetings, { acknowledged: false });
  await (await fetch(`${url}/off`, { method: 'POST' })).text();
  return offFrom(performance.now(), open.closed);
}

async function offFrom(
  at: number,
  closing: Promise<{ readonly at: readonly number[]; readonly codes: ReadonlySet<number> }>,
): Promise<Off> {
  const closed = await closing;
  if (closed.codes.size !== 1 || !closed.codes.has(UNAUTHORIZED))
    throw new Error(`Sockets were closed with ${[...closed.codes].join(', ')}.`);
  const waits = closed.at.map((each) => Math.max(each - at, 0)).toSorted((a, b) => a - b);
  return { lastMs: waits.at(-1)!, p99Ms: waits[Math.ceil(waits.length * 0.99) - 1]! };
}

async function startBare(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const file = fileURLToPath(new URL('revoke/bare.ts', import.meta.url));
  const child = spawnNode(SERVER_CORE, ['--conditions=gatebook', '--no-warnings', file], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const [{ ports }] = (await once(child, 'message')) as [{ ports: number[] }];
  return {
    url: `http://127.0.0.1:${ports[0]}`,
    stop: async () => {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

/** Figures, ratios and bars of what was measured. A ratio is taken within each round; a bar asks for the median. */
export function judge(offs: readonly Offs[], rounds: number): Findings {
  const at = (sockets: number) => `${sockets.toLocaleString('en')} sockets`;
  const figures = offs.flatMap(({ sockets, ours, bare }) => [
    ...(
      [
        ['off', ours],
        ['bare close', bare],
      ] as const
    ).flatMap(([subject, all]) => [
      { subject, at: at(sockets), measure: 'ms to the last close', ...spread(all.map(({ lastMs }) => lastMs)) },
      { subject, at: at(sockets), measure: 'ms to 99 in 100', ...spread(all.map(({ p99Ms }) => p99Ms)) },
    ]),
    ...(
      [
        ['longest standstill, ms', ours.map(({ wallMs }) => wallMs)],
        ['by its own doing, ms', ours.map(({ ownMs }) => ownMs)],
      ] as const
    ).map(([measure, all]) => ({ subject: 'off', at: at(sockets), measure, ...spread(all) })),
  ]);
  const ratios = offs.map(({ sockets, ours, bare }) =>
    ratio(
      `off over a bare close, ${at(sockets)}`,
      ours.map(({ lastMs }) => lastMs),
      bare.map(({ lastMs }) => lastMs),
    ),
  );
  const few = offs.find(({ sockets }) => sockets === FEW);
  const bars = [
    ...ratios.flatMap(({ what, median }, at) => (offs[at]!.sockets === FEW ? [] : bar(what, median, { atMost: 1.5 }))),
    bar(`ms to 99 in 100 of ${FEW} sockets`, spread((few?.ours ?? []).map(({ p99Ms }) => p99Ms)).median, {
      atMost: 250,
    }),
    ...offs.map(({ sockets, ours }) => {
      const what = `longest standstill by its own doing, ms, ${at(sockets)}`;
      return bar(what, spread(ours.map(({ ownMs }) => ownMs)).median, { atMost: 20 });
    }),
  ];
  return { rounds, figures, ratios, bars };
}
