import type { StaffId, WorkspaceId } from '@gatebook/protocol';
import { canonicalJson } from '@gatebook/protocol';
import { emptyBook, type Book } from '#domain/book/book';
import type { BookCommand } from '#domain/book/decide';
import { packBook } from '#domain/book/snapshot';
import { foldBook } from '#domain/facts';
import { envelopeWith } from '#event-log/envelope';
import { NotNow } from '../desk/not-now.ts';
import { foldRecorded, nothingStands, type Standing } from '../desk/standing.ts';
import { WORKSPACE_PREFIX, type BookOutcome } from '../desk/desk.ts';
import type { Call } from './call.ts';
import { Instance } from './instance.ts';
import { Judge } from './judge.ts';
import { CASES, catalogue, enabling, People, policyOf, STAFF, tellings, WORKSPACES, type Wish } from './people.ts';
import { plantedIn, type Planted } from './planted.ts';
import { Server } from './server.ts';
import { Troubles, type Flood } from './troubles.ts';
import { World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  /** Events until the faults stop. */
  readonly steps: number;
  /** A fault in the gate itself, which must be found. */
  readonly planted?: Planted;
  /** Hears every line of what happens. */
  readonly onLine?: (line: string) => void;
}

export interface SimulationResult {
  readonly seed: number;
  /** What was asked for, which with the seed says how to see it again. */
  readonly asked: Pick<SimulationOptions, 'steps' | 'planted'>;
  readonly steps: number;
  /** Simulated time, milliseconds. */
  readonly ms: number;
  /** Of everything that happened, in order: the same for the same seed. */
  readonly digest: string;
  readonly violations: readonly string[];
  /** The step of the first violation. */
  readonly at: number;
  readonly lines: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

interface Sent extends Wish {
  readonly workspaceId: WorkspaceId;
  readonly commandId: string | undefined;
}

/** After the last fault everything works again within this time (design.md, section 9). */
const RECOVERED_MS = 5000;
/** Until everything that waits was answered, counted or written. */
const SETTLED_MS = 30_000;

/** Two or three instances on one log, with people who use them and everything that goes wrong. */
export class Simulation {
  readonly #options: SimulationOptions;
  readonly #world: World;
  readonly #server: Server;
  readonly #judge: Judge;
  readonly #people: People;
  readonly #instances: Instance[];
  readonly #troubles: Troubles;
  readonly #calls: Call[] = [];
  readonly #open = new Set<Call>();
  readonly #sent: Sent[] = [];
  /** What each book is by its facts, folded apart from the desk, and what it was a while before. */
  readonly #books = new Map<string, Standing<Book>[]>();
  readonly #counts: Record<string, number> = {};
  #isOver = false;

  constructor(options: SimulationOptions) {
    this.#options = options;
    const world = (this.#world = new World(options.seed, options.onLine));
    const server = (this.#server = new Server(world));
    const judge = (this.#judge = new Judge(world, server.store));
    this.#people = new People(world.random);
    this.#foldAlong();
    const onCrash = (instance: Instance) => {
      for (const call of [...this.#open]) if (call.instance === instance) this.#over(call, { crashed: true });
    };
    const snapshot = (stream: string) => {
      const kept = this.#books.get(stream);
      return kept && kept.length > 1 ? world.random.of(kept.slice(0, -1)) : undefined;
    };
    this.#instances = ['A', 'B', 'C'].slice(0, world.random.whole(2, 3)).map((name) => {
      const planted = plantedIn(options.planted, judge, world);
      return new Instance({ world, server, name, onSent: judge.sent, onCrash, snapshot, ...planted });
    });
    if (options.planted === 'forgetful log') {
      server.store.loses = (stream) => stream.startsWith(WORKSPACE_PREFIX) && world.random.chance(0.001);
    }
    this.#troubles = new Troubles(world, server, this.#instances, (flood) => this.#flood(flood));
  }

  async run(): Promise<SimulationResult> {
    const world = this.#world;
    const wrong = () => this.#judge.violations.length > 0;
    await this.#setUp();
    this.#next();
    this.#troubles.begin();
    await world.runTo(Infinity, () => world.steps >= this.#options.steps || wrong());
    this.#isOver = true;
    if (!wrong()) await this.#recover(wrong);
    if (!wrong()) this.#judge.finish(this.#calls);
    const { longestWait, slowestOff, calmOffs, secondVisits, violations } = this.#judge;
    return {
      seed: this.#options.seed,
      asked: { steps: this.#options.steps, planted: this.#options.planted },
      steps: world.steps,
      ms: world.now,
      digest: world.digest,
      violations,
      at: violations.length > 0 ? world.steps : -1,
      lines: world.lines(),
      counts: {
        ...this.#counts,
        ...this.#troubles.counts,
        calls: this.#calls.length,
        facts: this.#server.store.all.length,
        longestWait,
        slowestOff,
        calmOffs,
        secondVisits,
      },
    };
  }

  async #setUp(): Promise<void> {
    for (const instance of this.#instances) instance.start();
    await this.#world.runTo(60_000, () => this.#instances.every(({ isReady }) => isReady));
    const [first] = this.#instances;
    if (!first) throw new Error('There is no instance.');
    const { desk } = first.life;
    const operator = { actor: { kind: 'operator' as const, id: 'set-up' } };
    let done = false;
    const setUp = async () => {
      await desk.handleInstallation({ type: 'ChangePolicy', policy: policyOf(this.#world.random) }, operator);
      await desk.handleInstallation({ type: 'ChangeCatalogue', catalogue }, operator);
      for (const staff of STAFF) await desk.handleStaff(enabling(staff), operator);
      for (const [number, workspaceId] of WORKSPACES.entries())
        for (const command of tellings(workspaceId, number)) await desk.handle(workspaceId, command, operator);
      done = true;
    };
    void setUp();
    await this.#world.runTo(60_000, () => done);
    if (!done) throw new Error('The simulated world could not be set up.');
  }

  #foldAlong(): void {
    const envelope = envelopeWith();
    const folding = { initial: emptyBook, fold: foldBook };
    this.#server.store.onFact((fact) => {
      if (!fact.stream.startsWith(WORKSPACE_PREFIX)) return;
      const kept = this.#books.get(fact.stream) ?? [nothingStands(emptyBook)];
      const next = foldRecorded(folding, envelope, kept.at(-1) ?? nothingStands(emptyBook), fact);
      // Every hundredth stays for a while, as snapshots do.
      if ((kept.at(-1)?.revision ?? 0) % 100 !== 0) kept.pop();
      this.#books.set(fact.stream, [...kept.slice(-4), next]);
    });
  }

  /** The next thing that somebody does. */
  #next(): void {
    const { random } = this.#world;
    this.#world.after(random.wait(this.#troubles.pace), '', () => {
      if (this.#isOver) return;
      this.#next();
      const workspaceId = random.of(WORKSPACES);
      const earlier = random.chance(0.08)
        ? this.#sent.at(-random.whole(1, Math.min(200, this.#sent.length)))
        : undefined;
      if (earlier) this.#again(earlier);
      else if (random.chance(this.#people.knows(workspaceId) ? 0.05 : 0.5)) this.#start(workspaceId);
      else if (random.chance(0.004)) this.#tellStaff();
      else this.#ask(workspaceId, this.#people.wish(workspaceId));
    });
  }

  #again(earlier: Sent): void {
    const { workspaceId, commandId } = earlier;
    // The same id for something else is a mistake that must not pass for a repeat.
    const wish = this.#world.random.chance(0.15) ? this.#people.wish(workspaceId) : earlier;
    this.#ask(workspaceId, wish, commandId);
  }

  #instance(): Instance | undefined {
    const ready = this.#instances.filter(({ isReady }) => isReady);
    return ready.length === 0 ? undefined : this.#world.random.of(ready);
  }

  #flood({ workspaceId, many, at }: Flood): void {
    const visit = this.#people.visits.findLast((known) => known.workspaceId === workspaceId);
    const instance = this.#instances[at];
    if (!visit) return;
    for (let i = 0; i < many; i++) this.#ask(workspaceId, this.#people.view(visit), undefined, instance);
    const others = this.#instances.filter((other) => other !== instance);
    if (this.#world.random.chance(0.03))
      this.#ask(workspaceId, this.#people.off(workspaceId), undefined, this.#world.random.of(others));
  }

  #ask(workspaceId: WorkspaceId, { actor, command }: Wish, again?: string, at = this.#instance()): Call | undefined {
    const { random } = this.#world;
    if (!at?.isReady) return undefined;
    const hasId = again !== undefined || random.chance(command.type === 'ViewPage' ? 0.1 : 0.7);
    const commandId = hasId ? (again ?? random.uuid(this.#world.time)) : undefined;
    if (commandId !== undefined && again === undefined) this.#sent.push({ workspaceId, actor, command, commandId });
    const call = this.#begin(at, workspaceId, command, actor.id, commandId);
    const caller = { actor, ...(commandId !== undefined && { commandId }) };
    const { desk } = at.life;
    const deciding = desk.handle(workspaceId, command, caller);
    // As the evaluation door does: what can't be decided is an attempt that was refused.
    const decided = deciding.catch(async (error: unknown) => {
      if (error instanceof NotNow && command.type === 'ViewPage') {
        const because = 'The gate could not read or write its log just then.';
        await desk.deny(workspaceId, command, { rule: 'gateCanDecide', because }, caller);
      }
      throw error;
    });
    this.#wait(call, decided);
    return call;
  }

  #begin(
    instance: Instance,
    workspaceId: string,
    command: BookCommand,
    actorId: string,
    commandId: string | undefined,
  ): Call {
    const sessionId = 'sessionId' in command ? command.sessionId : undefined;
    const payload = canonicalJson({ workspaceId, actorId, command });
    const name = `#${this.#calls.length} ${command.type} at ${instance.name}`;
    const begun = this.#world.now;
    const { head } = this.#server.store;
    const call: Call = { name, instance, workspaceId, command, sessionId, actorId, commandId, payload, begun, head };
    this.#calls.push(call);
    this.#open.add(call);
    this.#world.note(
      `${name} on ${workspaceId.slice(-5)}${commandId === undefined ? '' : ` as ${commandId.slice(-4)}`}`,
    );
    return call;
  }

  #wait(call: Call, decided: Promise<BookOutcome>): void {
    decided.then(
      (outcome) => this.#over(call, { outcome }),
      (error: unknown) => this.#over(call, error instanceof NotNow ? { notNow: error.why } : { error }),
    );
  }

  #over(call: Call, end: Pick<Call, 'outcome' | 'notNow' | 'crashed' | 'error'>): void {
    if (!this.#open.delete(call)) return;
    Object.assign(call, end, { ended: this.#world.now });
    const what = end.outcome?.kind ?? end.notNow ?? (end.crashed ? 'crashed' : 'broke');
    this.#counts[what] = (this.#counts[what] ?? 0) + 1;
    const rule = end.outcome?.kind === 'refused' ? ` ${end.outcome.refusal.rule}` : '';
    this.#world.note(`${call.name}: ${what}${rule}`);
    if (rule.startsWith(' visit') && call.sessionId !== undefined) this.#people.heardOfEnd(call.sessionId);
    if (!end.crashed) this.#judge.answered(call, this.#troubles.calmSince);
  }

  #start(workspaceId: WorkspaceId): void {
    const { random, time } = this.#world;
    const at = this.#instance();
    if (!at) return;
    const { id: staffId } = random.of(STAFF);
    const commandId = random.uuid(time);
    const { desk, visits } = at.life;
    const caseRef = random.of(CASES);
    const minutes = random.chance(0.5) ? null : random.whole(1, 3);
    const wish = { workspaceId, caseRef, job: null, reason: this.#people.reason(), minutes };
    const name = `visit of ${staffId.slice(-4)} to ${workspaceId.slice(-5)} at ${at.name}`;
    this.#world.note(name);
    const caller = { actor: { kind: 'staff' as const, id: staffId }, commandId };
    visits.start(wish, { staffId, identityConfirmedAt: desk.clock.now() - 1000 }, caller).then(
      (started) => {
        this.#counts[started.kind] = (this.#counts[started.kind] ?? 0) + 1;
        this.#world.note(`${name}: ${started.kind}${started.kind === 'refused' ? ` ${started.refusal.rule}` : ''}`);
        if (started.kind === 'started') this.#enter(workspaceId, staffId, started.sessionId);
      },
      (error: unknown) => {
        this.#world.note(`${name}: ${error instanceof NotNow ? error.why : String(error)}`);
        if (!(error instanceof NotNow)) this.#judge.violations.push(`${name} broke: ${String(error)}`);
      },
    );
  }

  /** A visit goes on: it is entered, and used up to the very instants at which it ends. */
  #enter(workspaceId: WorkspaceId, staffId: StaffId, sessionId: `ses_${string}`): void {
    const { random } = this.#world;
    const visit = { workspaceId, staffId, sessionId };
    this.#people.visits.push(visit);
    const actor = { kind: 'staff' as const, id: staffId };
    this.#world.after(random.whole(1, 300), '', () => {
      if (!this.#isOver) this.#ask(workspaceId, { actor, command: { type: 'EnterSession', sessionId, staffId } });
    });
    for (let i = 0; i < 4; i++) this.#world.after(random.whole(1, 120_000), '', () => this.#atTheEnd(visit));
  }

  /** Pages opened at the instants at which the visit may end by its clocks, by the clock of one of the instances. */
  #atTheEnd(visit: { workspaceId: WorkspaceId; staffId: StaffId; sessionId: `ses_${string}` }): void {
    const { random } = this.#world;
    const at = this.#instance();
    const book = this.#books.get(WORKSPACE_PREFIX + visit.workspaceId)?.at(-1)?.state;
    const session = book?.sessions.get(visit.sessionId);
    if (this.#isOver || !at || !book || session?.phase !== 'live') return;
    const until = book.staffAccess.phase === 'on' ? book.staffAccess.until : Infinity;
    const end = Math.min(session.plannedEnd, session.lastInputAt + session.idleMs, until);
    const ms = end - at.clock() + random.of([-1, 0, 0, 0, 1]);
    if (ms < 0 || ms > 200_000) return;
    // Clocks drift and ends move: it is looked at again shortly before.
    if (ms > 1500) return void this.#world.after(ms - 1000, '', () => this.#atTheEnd(visit));
    this.#world.after(ms, '', () => {
      if (!this.#isOver) this.#ask(visit.workspaceId, this.#people.view(visit), undefined, at);
    });
  }

  /** The vendor's directory disables a staff member, and enables them again a while later. */
  #tellStaff(): void {
    const { random } = this.#world;
    const staff = random.of(STAFF);
    const operator = { actor: { kind: 'operator' as const, id: 'directory' } };
    const tell = (isEnabled: boolean): void => {
      const at = this.#instance();
      if (!at) return void this.#world.after(1000, '', () => tell(isEnabled));
      if (isEnabled) this.#judge.staffTold(staff.id, undefined);
      const command = isEnabled ? enabling(staff) : ({ type: 'DisableStaff', staffId: staff.id } as const);
      at.life.desk.handleStaff(command, operator).then(
        ({ kind }) => {
          this.#world.note(`${command.type} ${staff.id.slice(-4)}: ${kind}`);
          this.#judge.staffTold(staff.id, isEnabled);
        },
        () => undefined,
      );
    };
    this.#judge.staffTold(staff.id, undefined);
    tell(false);
    this.#world.after(random.whole(8000, 20_000), '', () => tell(true));
  }

  /** Every fault stops; everything works again in time, and each instance knows what the log says. */
  async #recover(wrong: () => boolean): Promise<void> {
    const world = this.#world;
    this.#troubles.end();
    const from = world.now;
    await world.runTo(from + RECOVERED_MS - 500, wrong);
    const probes = this.#instances.flatMap((instance) =>
      WORKSPACES.map((workspaceId) => {
        const [staff] = STAFF;
        const actor = { kind: 'staff' as const, id: staff?.id ?? '' };
        const command = { type: 'ContinueVisit', sessionId: 'ses_probe', staffId: staff?.id ?? 'stf_' } as const;
        return { instance, call: this.#ask(workspaceId, { actor, command }, undefined, instance) };
      }),
    );
    await world.runTo(from + RECOVERED_MS, wrong);
    for (const { instance, call } of probes) {
      if (!call) this.#judge.violations.push(`${instance.name} is not ready ${RECOVERED_MS} ms after the last fault`);
      else if (!call.outcome)
        this.#judge.violations.push(
          `${call.name} has no answer ${RECOVERED_MS} ms after the last fault: ${call.notNow}`,
        );
    }
    await world.runTo(from + SETTLED_MS, wrong);
    if (wrong()) return;
    for (const instance of this.#instances) {
      for (const workspaceId of WORKSPACES) {
        let book: Book | undefined;
        void instance.look(workspaceId).then((looked) => (book = looked));
        await world.runTo(world.now + 2000, () => book !== undefined);
        const known = this.#books.get(WORKSPACE_PREFIX + workspaceId)?.at(-1)?.state;
        if (!book || !known || JSON.stringify(packBook(book)) !== JSON.stringify(packBook(known)))
          this.#judge.violations.push(`${instance.name} knows another book of ${workspaceId} than the log`);
      }
      if (instance.life.desk.denials.waiting > 0) this.#judge.violations.push(`denials still wait at ${instance.name}`);
    }
  }
}

export function simulate(options: SimulationOptions): Promise<SimulationResult> {
  return new Simulation(options).run();
}
