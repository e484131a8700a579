import type { WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import { packBook, unpackBook } from '#domain/book/snapshot';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog, NewFact } from '#event-log/port';
import type { DenialJournal } from '../desk/denial-journal.ts';
import { Desk } from '../desk/desk.ts';
import { EntryCodes } from '../desk/entry-codes.ts';
import type { Standing } from '../desk/standing.ts';
import type { DeskTimer, KeptStandings } from '../desk/surroundings.ts';
import { Visits } from '../desk/visits.ts';
import type { Server } from './server.ts';
import { SimulatedLog } from './simulated-log.ts';
import { BEGINS, type Owner, type World } from './world.ts';

export interface InstanceOptions {
  readonly world: World;
  readonly server: Server;
  readonly name: string;
  /** Told of every append as it is sent. */
  readonly onSent: (facts: readonly NewFact[]) => void;
  readonly onCrash: (instance: Instance) => void;
  /** States of books as a snapshot may have kept them. */
  readonly snapshot: (stream: string) => Standing<Book> | undefined;
  /** Where faults are planted. */
  readonly wrapLog: (log: EventLog, server: Server) => EventLog;
  readonly spoil: (desk: Desk, clock: () => number, log: EventLog) => void;
}

/** One life of an instance: what it has in memory ends with it. */
interface Life extends Owner {
  isGone: boolean;
  readonly desk: Desk;
  readonly visits: Visits;
}

/** One instance of the service: the real desk, on a simulated log, with a clock and a disk of its own. */
export class Instance {
  readonly name: string;
  /** When it crashed, in milliseconds of the world. */
  readonly crashes: number[] = [];
  readonly #options: InstanceOptions;
  #life: Life | undefined;
  #isReady = false;
  /** What the denial journal's file holds. */
  #journal = '';
  /** How far its clock is off the true time, milliseconds. */
  clockIsOff = 0;
  /** It stands still until then, in milliseconds of the world. */
  frozenUntil = 0;
  /** Its way to the log is cut until then. */
  cutUntil = 0;

  constructor(options: InstanceOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get isUp(): boolean {
    return this.#life !== undefined;
  }

  /** @throws {Error} it isn't up. */
  get life(): Life {
    if (!this.#life) throw new Error(`${this.name} isn't up.`);
    return this.#life;
  }

  readonly clock = (): number => Math.round(BEGINS + this.#options.world.now + this.clockIsOff);

  start(): void {
    const { world, server, name, onSent, wrapLog, spoil } = this.#options;
    const frozenUntil = () => this.frozenUntil;
    const owner = {
      isGone: false,
      get frozenUntil() {
        return frozenUntil();
      },
    };
    const isCut = () => world.now < this.cutUntil;
    const plain = new SimulatedLog({ world, server, owner, name, clock: this.clock, isCut, onSent });
    const log = wrapLog(plain, server);
    const desk = new Desk({
      log,
      envelope: envelopeWith(),
      clock: { now: this.clock },
      timer: () => this.#timer(owner),
      newId: (at) => world.random.uuid(at),
      kept: this.#kept(),
      denialJournal: this.#disk(owner),
    });
    spoil(desk, this.clock, log);
    const visits = new Visits(desk, new EntryCodes(new Uint8Array(32)));
    const life: Life = Object.assign(owner, { desk, visits });
    this.#life = life;
    world.note(`${name} starts`);
    void desk.start().then(() => {
      if (this.#life !== life) return;
      this.#isReady = true;
      world.note(`${name} is ready`);
    });
  }

  crash(): void {
    const { world, name, onCrash } = this.#options;
    if (!this.#life) return;
    world.note(`${name} crashes`);
    this.#life.isGone = true;
    this.#life = undefined;
    this.#isReady = false;
    this.crashes.push(world.now);
    onCrash(this);
  }

  #timer(owner: Owner): DeskTimer {
    const { world } = this.#options;
    return {
      elapsed: () => world.now,
      pause: (ms) => world.pause(ms, '', owner),
      soon: (run) => void world.after(0, '', run, owner),
      every: (ms, run) => {
        let takeOff: () => void;
        const next = () => {
          takeOff = world.after(ms, '', again, owner);
        };
        const again = () => {
          next();
          run();
        };
        next();
        return () => takeOff();
      },
      stopping: false,
    };
  }

  #kept(): KeptStandings<Book> {
    const { world, snapshot } = this.#options;
    return {
      load: (stream) => {
        const standing = world.random.chance(0.6) ? snapshot(stream) : undefined;
        const state = standing && unpackBook(JSON.parse(JSON.stringify(packBook(standing.state))));
        if (!standing || !state) return undefined;
        world.note(`${this.name} has a snapshot of ${stream.slice(-5)} at ${standing.revision}`);
        // One that was made of another log, now and then.
        const lastFactId = world.random.chance(0.05) ? world.random.uuid(0) : standing.lastFactId;
        return { ...standing, state, lastFactId };
      },
      keep: () => undefined,
    };
  }

  #disk(owner: Owner): DenialJournal {
    const { world } = this.#options;
    const disk = () => world.pause(world.random.whole(0, 3), '', owner);
    let removals = 0;
    return {
      read: () => Promise.resolve(this.#journal),
      append: async (text) => {
        // A crash in the middle of a write leaves a part of it; a file that is removed meanwhile takes it along.
        this.#journal += text.slice(0, 20);
        const before = removals;
        await disk();
        if (before === removals) this.#journal += text.slice(20);
      },
      remove: async () => {
        await disk();
        removals++;
        this.#journal = '';
      },
      close: () => Promise.resolve(),
    };
  }

  /** The book as this instance would answer from it. */
  async look(workspaceId: WorkspaceId): Promise<Book> {
    return (await this.life.desk.look(workspaceId)).state;
  }
}
