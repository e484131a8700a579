import {
  LogUnavailable,
  OutcomeUnknown,
  type Appended,
  type EventLog,
  type ExpectedRevision,
  type Followed,
  type FollowOptions,
  type LogHealth,
  type NewFact,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedFact,
} from '#event-log/port';
import type { Server } from './server.ts';
import type { Owner, World } from './world.ts';

/** As the adapter's own (design.md, section 3). */
const APPEND_TIMEOUT_MS = 2000;
const READ_TIMEOUT_MS = 5000;
const CONNECT_TIMEOUT_MS = 1500;
const BROKEN_MS = 3000;
const HEALTH_TIMEOUT_MS = 1500;
const CHECKPOINT_MS = 400;

export interface Link {
  readonly world: World;
  readonly server: Server;
  readonly owner: Owner;
  readonly name: string;
  /** The instance's clock, epoch milliseconds. */
  readonly clock: () => number;
  /** The instance can't get through to the log just now. */
  readonly isCut: () => boolean;
  /** Told of every append as it is sent. */
  readonly onSent: (facts: readonly NewFact[]) => void;
}

/** One instance's way to the log, over a network on which everything goes wrong now and then. */
export class SimulatedLog implements EventLog {
  readonly isShared: boolean = true;
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  append(stream: string, expected: ExpectedRevision, facts: readonly NewFact[]): Promise<Appended> {
    const { world, server, name, onSent } = this.#link;
    const { random } = world;
    const { weather } = server;
    onSent(facts);
    const what = `${name} ${stream.slice(0, 9)}${stream.slice(-5)} at ${expected}: ${listed(facts)}`;
    const call = this.#call<Appended>(`append ${what}`);
    const unknown = () => call.fail(new OutcomeUnknown('No answer.'));

    if (!this.#getsThrough() || random.chance(weather.refused)) {
      const ms = random.chance(0.7) ? random.whole(1, 5) : APPEND_TIMEOUT_MS;
      call.after(ms, `${name} is told: not reached`, () => call.fail(new LogUnavailable('Not reached.')));
      return call.promise;
    }
    call.after(APPEND_TIMEOUT_MS, `${name} gives up: ${what}`, unknown);
    call.whenBroken(unknown);
    if (random.chance(weather.lost)) {
      if (random.chance(0.5)) call.after(random.whole(1, 50), `${name} hears of a broken connection`, unknown);
      return call.promise;
    }
    const restarts = server.store.restarts;
    const arrive = () => {
      // Whatever was on its way to a server that is gone is gone, too; a late one comes over another connection.
      if (server.isDown || (restarts !== server.store.restarts && !late)) return;
      if (server.isFrozen) return later(server.thawsIn + random.whole(0, 5));
      let answer: () => void;
      try {
        const appended = server.store.append(stream, expected, facts);
        world.note(`stored ${what} up to ${appended.revision}`);
        answer = () => call.succeed(appended);
      } catch (error) {
        world.note(`wrong revision ${what}`);
        answer = () => call.fail(error as Error);
      }
      if (random.chance(weather.dropped) || !this.#getsThrough()) return;
      call.after(this.#latency(), `${name} is answered: ${what}`, answer);
    };
    // What is on its way arrives, whatever becomes of its sender.
    const later = (ms: number) => void world.after(ms, '', arrive);
    const late = random.chance(weather.late);
    later(late ? random.whole(APPEND_TIMEOUT_MS, 15_000) : this.#latency());
    return call.promise;
  }

  async *readStream(stream: string, { from = 0, limit = Infinity, direction }: ReadStreamOptions = {}) {
    if (direction === 'backwards') throw new Error('Nothing reads backwards here.');
    const { server } = this.#link;
    yield* this.#given(
      await this.#ask(`read ${stream.slice(-5)}`, () => server.store.stream(stream).slice(from)),
      limit,
    );
  }

  async *readAll({ after = '', limit = Infinity, streamPrefixes }: ReadAllOptions = {}) {
    const { server } = this.#link;
    const facts = await this.#ask('read all', () => server.store.behind(after).filter(within(streamPrefixes)));
    yield* this.#given(facts, limit);
  }

  head(): Promise<string> {
    return this.#ask('head', () => this.#link.server.store.head);
  }

  async *follow({ after = '', streamPrefixes, signal }: FollowOptions): AsyncGenerator<Followed> {
    const { world, server, owner, name } = this.#link;
    let position = after;
    let isTold = false;
    let wake: (() => void) | undefined;
    const matches = within(streamPrefixes);
    const leave = server.store.onFact((fact) => {
      if (matches(fact)) wake?.();
    });
    try {
      while (!signal.aborted) {
        const facts = await this.#ask('', () => server.store.behind(position));
        for (const fact of facts) if (matches(fact)) yield { kind: 'fact', fact };
        position = facts.at(-1)?.position ?? position;
        yield { kind: isTold ? 'checkpoint' : 'caughtUp', position };
        isTold = true;
        await new Promise<void>((resolve) => {
          const takeOff = world.after(CHECKPOINT_MS, '', resolve, owner);
          wake = () => {
            wake = undefined;
            takeOff();
            world.after(this.#latency(), `${name} hears of news`, resolve, owner);
          };
        });
        wake = undefined;
      }
    } finally {
      leave();
    }
  }

  async health(): Promise<LogHealth> {
    const { world, clock } = this.#link;
    try {
      await this.#ask('', () => undefined, HEALTH_TIMEOUT_MS);
    } catch (error) {
      return { writable: false, readable: false, clockSkewMs: 0, problem: (error as Error).message };
    }
    return { writable: true, readable: true, clockSkewMs: world.time - clock() + world.random.whole(-5, 5) };
  }

  async close(): Promise<void> {
    // An instance that is gone has closed nothing, and none is stopped here.
  }

  *#given(facts: readonly RecordedFact[], limit: number): Generator<RecordedFact> {
    const { random } = this.#link.world;
    const fails = random.chance(this.#link.server.weather.readFails) ? random.whole(0, facts.length) : Infinity;
    for (const [i, fact] of facts.entries()) {
      if (i >= limit) return;
      if (i === fails) throw new LogUnavailable('The read broke off.');
      yield fact;
    }
  }

  /** A question to the server: there and back, or never. */
  #ask<Answer>(what: string, answer: () => Answer, timeoutMs = READ_TIMEOUT_MS): Promise<Answer> {
    const { world, server, name } = this.#link;
    const { random } = world;
    const call = this.#call<Answer>(what === '' ? '' : `${name} asks: ${what}`);
    const away = () => call.fail(new LogUnavailable('Not reached.'));
    const label = what === '' ? '' : `${name} hears: ${what}`;
    if (!this.#getsThrough()) {
      call.after(random.chance(0.7) ? random.whole(1, 5) : CONNECT_TIMEOUT_MS, `${name} gets no answer: ${what}`, away);
      return call.promise;
    }
    call.after(timeoutMs, `${name} waits no longer: ${what}`, away);
    call.whenBroken(away);
    // A question or an answer that is lost is noticed as a broken connection, sooner or later.
    const lost = () => call.after(random.whole(10, BROKEN_MS), `${name} hears of a broken connection`, away);
    if (random.chance(server.weather.readFails / 2)) {
      lost();
      return call.promise;
    }
    const arrive = () => {
      if (server.isDown) return lost();
      if (server.isFrozen) return void world.after(server.thawsIn + random.whole(0, 5), '', arrive);
      const answered = answer();
      if (!this.#getsThrough()) return lost();
      call.after(this.#latency(), label, () => call.succeed(answered));
    };
    world.after(this.#latency(), '', arrive);
    return call.promise;
  }

  #getsThrough(): boolean {
    const { isCut, server } = this.#link;
    return !isCut() && !server.isDown;
  }

  #latency(): number {
    const { random } = this.#link.world;
    return random.chance(this.#link.server.weather.slow) ? random.whole(50, 1500) : random.whole(0, 6);
  }

  /** Something that is waited for: the first of its ends counts, and none once the instance is gone. */
  #call<Answer>(label: string) {
    const { world, server, owner } = this.#link;
    if (label !== '') world.note(label);
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const takeOffs: (() => void)[] = [];
    const over = () => {
      for (const takeOff of takeOffs.splice(0)) takeOff();
    };
    return {
      promise,
      succeed(answer: Answer) {
        over();
        resolve(answer);
      },
      fail(error: Error) {
        over();
        reject(error);
      },
      after(ms: number, what: string, run: () => void) {
        takeOffs.push(world.after(ms, what, run, owner));
      },
      whenBroken(broken: () => void) {
        takeOffs.push(server.connected(() => world.after(world.random.whole(0, 50), '', broken, owner)));
      },
    };
  }
}

function within(prefixes: readonly string[] | undefined) {
  return ({ stream }: { readonly stream: string }) => prefixes?.some((prefix) => stream.startsWith(prefix)) ?? true;
}

function listed(facts: readonly NewFact[]): string {
  const some = facts.slice(0, 4).map(({ type, id }) => `${type}#${id.slice(-4)}`);
  return some.join(' ') + (facts.length > some.length ? ` and ${facts.length - some.length} more` : '');
}
