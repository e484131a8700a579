import { setTimeout as passed } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { Schema } from '../projections.ts';
import { compareTables, type Comparison } from './compare.ts';
import { AnotherRunner } from './control.ts';
import { connect } from './postgres.ts';
import type { Control, PostgresControl } from './postgres-control.ts';
import { PostgresShadow, type PostgresShadowOptions } from './postgres-shadow.ts';
import type { RebuildOptions, Rebuilt } from './rebuild.ts';
import type { FillOptions } from './tables.ts';

export interface Workshop {
  readonly url: string;
  readonly connectMs: number | undefined;
  readonly control: PostgresControl;
  readonly onError: (error: unknown) => void;
}

/** Making an index of a big table is one statement. */
const STATEMENT_MS = 10 * 60_000;
/** The transaction that exchanges, and the one that compares, stand still while the last facts are folded. */
const IDLE_MS = 30_000;
const LOCK_MS = 200;
/** The connection that holds the lock is used so often: one of a frozen process falls silent, and the server ends it. */
const BEAT_MS = 500;
/** What is left to fold is little enough when it took no longer than this. */
const SHORT_MS = 500;
const MOST_ROUNDS = 20;

/**
 * Fills a generation where there is none yet, and makes it the live one. Whoever began finishes, also when the lease ran
 * out meanwhile: what is filled is right whoever did it, and two that take turns would both begin again for ever.
 * @throws {AnotherRunner}
 */
export function fillGeneration(workshop: Workshop, options: FillOptions): Promise<string> {
  const { log, envelope } = options;
  const { control, onError } = workshop;
  let folded = 0;
  const onProgress = (facts: number) => options.onProgress((folded = facts));
  return oneAtATime(
    workshop,
    // Between two steps it is as far as it was, not at the beginning.
    () => options.onProgress(folded),
    async (db) => {
      const before = await control.stand(db.locked);
      // Somebody else has just done it.
      if (before.position !== '') return before.position;
      return withShadow({ log, envelope, onProgress, control, db: db.shadow }, async (shadow) => {
        await shadow.fill();
        await db.locked.transaction().execute(async (transaction) => {
          const { position, generation } = await control.stand(transaction, { lock: true });
          if (position !== '' || generation !== before.generation) throw new AnotherRunner();
          await control.swap(transaction, shadow.generation, shadow.position);
        });
        if (before.generation > 0) await control.drop(db.shadow, before.generation).catch(onError);
        return shadow.position;
      });
    },
  );
}

/**
 * Makes a generation beside the live one, from any instance, while whichever instance holds the lease works on. It waits
 * for no more than the last facts and the exchange.
 */
export function rebuildGeneration(
  workshop: Workshop,
  { log, envelope, compare = false, onProgress }: RebuildOptions,
  exchanged: () => Promise<unknown>,
): Promise<Rebuilt> {
  const { control, onError } = workshop;
  const nothing = () => Promise.resolve();
  return oneAtATime(workshop, nothing, async (db) => {
    const shadowOptions = { log, envelope, control, db: db.shadow, ...(onProgress && { onProgress }) };
    const before = await control.stand(db.locked);
    return withShadow(shadowOptions, async (shadow) => {
      // Not ahead of the live ones where somebody works on them: its checkpoint stays where it is, under its feet.
      const live = async () => (await control.stand(db.locked)).position;
      await comeNear(shadow, live);
      const comparison = compare && before.position !== '' ? await comparedWithLive(db, control, shadow) : undefined;
      await comeNear(shadow, async () => ((await control.stand(db.locked)).free ? '' : live()));
      await db.locked.transaction().execute(async (transaction) => {
        const live = await control.stand(transaction, { lock: true });
        if (live.generation !== before.generation) throw new AnotherRunner();
        // Where nobody works it may go to the log's end.
        await shadow.fill(live.free || live.position === '' ? undefined : live.position);
        await control.swap(transaction, shadow.generation, shadow.position);
      });
      await exchanged();
      // Who still reads them begins again with the new ones.
      if (before.generation > 0) await control.drop(db.shadow, before.generation).catch(onError);
      return { facts: shadow.facts, position: shadow.position, ...(comparison && { comparison }) };
    });
  });
}

/** Folds until little is left: the rest is folded while the runner waits. */
async function comeNear(shadow: PostgresShadow, target: () => Promise<string>): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const began = performance.now();
    const position = await target();
    await shadow.fill(position === '' ? undefined : position);
    if (performance.now() - began < SHORT_MS) return;
  }
}

/** Both at one position, while the live ones are written to: they are read as they were at one moment. */
async function comparedWithLive(
  db: Connections,
  control: PostgresControl,
  shadow: PostgresShadow,
): Promise<Comparison> {
  return db.snapshot
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (transaction) => {
      const { position, generation } = await control.stand(transaction);
      // A server that lost its last commits stands before what was read of it; the runner will have them again.
      if (position < shadow.position) throw new Error('The live tables went back, so they can’t be compared.');
      await shadow.fill(position);
      const live = control.tablesOf(transaction, generation) as unknown as Kysely<Schema>;
      return compareTables({ read: (query) => query(live) }, shadow);
    });
}

interface Connections {
  /** One connection, which holds the lock: if it breaks, the exchange fails with it. */
  readonly locked: Control;
  readonly shadow: Control;
  readonly snapshot: Control;
}

/** One rebuild at a time, over all instances. `onBeat` is called now and then, as long as it takes. */
async function oneAtATime<Answer>(
  { url, connectMs, control, onError }: Workshop,
  onBeat: () => Promise<void>,
  work: (db: Connections) => Promise<Answer>,
): Promise<Answer> {
  const all: Control = connect({
    ...{ url, connectMs, size: 3, onError },
    ...{ answerMs: STATEMENT_MS, idleMs: IDLE_MS, silentMs: IDLE_MS },
  });
  try {
    return await all.connection().execute(async (locked) => {
      while (!(await control.lockRebuilds(locked))) {
        await onBeat();
        await passed(LOCK_MS);
      }
      const beat = setInterval(() => {
        // Where it fails the exchange fails too.
        Promise.all([control.ping(locked), onBeat()]).catch(() => undefined);
      }, BEAT_MS);
      try {
        await control.clean(all);
        return await work({ locked, shadow: all, snapshot: all });
      } finally {
        clearInterval(beat);
        await control.unlockRebuilds(locked).catch(onError);
      }
    });
  } finally {
    await all.destroy();
  }
}

async function withShadow<Answer>(
  options: PostgresShadowOptions,
  work: (shadow: PostgresShadow) => Promise<Answer>,
): Promise<Answer> {
  const shadow = await PostgresShadow.make(options);
  try {
    return await work(shadow);
  } catch (error) {
    // What can't be removed now is removed by the next rebuild.
    await shadow.discard().catch(() => undefined);
    throw error;
  }
}
