import type { WorkspaceId } from '@gatebook/protocol';
import type { Instance } from './instance.ts';
import { WORKSPACES } from './people.ts';
import { FAIR, type Server, type Weather } from './server.ts';
import type { World } from './world.ts';

/** Pages opened all at once at one instance. */
export interface Flood {
  readonly workspaceId: WorkspaceId;
  readonly many: number;
  /** Which of the instances. */
  readonly at: number;
}

const HOUR = 3_600_000;
const JUMPS = [-HOUR, 2 * HOUR, -30 * 24 * HOUR, -10_000, 10_000, -3000, 3000, 70_000, -70_000];
/** A clock that is off by no more than this is right (design.md, "Time"). */
const MOST_OFF_MS = 1900;
/** After the last fault things may still be settling for so long: time-outs, patience, and what landed late. */
const CALM_AFTER_MS = 10_000;

/** Everything that goes wrong, drawn: hard times, and between them calm ones. */
export class Troubles {
  readonly counts: Record<string, number> = {};
  readonly #world: World;
  readonly #server: Server;
  readonly #instances: readonly Instance[];
  readonly #flood: (flood: Flood) => void;
  #isHard = false;
  /** When the last trouble was over, in milliseconds of the world. */
  #troubledUntil = 0;
  #isOver = false;
  /** Mean time between two things that people do, milliseconds. */
  pace = 40;

  constructor(world: World, server: Server, instances: readonly Instance[], flood: (flood: Flood) => void) {
    this.#world = world;
    this.#server = server;
    this.#instances = instances;
    this.#flood = flood;
  }

  /** Since when nothing was wrong, and nothing of what was is left; infinite while something is. */
  get calmSince(): number {
    return this.#isHard ? Infinity : this.#troubledUntil + CALM_AFTER_MS;
  }

  begin(): void {
    this.#change();
    this.#again(800, () => this.#floods());
    this.#again(5000, () => this.#drift());
  }

  /** All is well from now on. */
  end(): void {
    this.#isOver = true;
    this.#calmDown();
  }

  #again(mean: number, run: () => void): void {
    this.#world.after(1 + this.#world.random.wait(mean), '', () => {
      if (this.#isOver) return;
      run();
      this.#again(mean, run);
    });
  }

  #change(): void {
    const { random } = this.#world;
    this.#isHard = !this.#isHard;
    this.#world.note(this.#isHard ? 'hard times begin' : 'calm times begin');
    if (!this.#isHard) this.#calmDown();
    else this.#turn();
    this.pace = random.of([10, 10, 40, 40, 40, 40, 40, 400, 400, 4000]);
    this.#world.after(random.whole(10_000, 40_000), '', () => {
      if (!this.#isOver) this.#change();
    });
  }

  #calmDown(): void {
    const { now } = this.#world;
    const server = this.#server;
    server.weather = FAIR;
    server.frozenUntil = Math.min(server.frozenUntil, now);
    server.downUntil = Math.min(server.downUntil, now);
    this.#troubledUntil = now;
    this.#isHard = false;
    for (const instance of this.#instances) {
      instance.frozenUntil = Math.min(instance.frozenUntil, now);
      instance.cutUntil = Math.min(instance.cutUntil, now);
      if (Math.abs(instance.clockIsOff) > MOST_OFF_MS) instance.clockIsOff = 0;
      if (!instance.isUp) instance.start();
    }
  }

  #turn(): void {
    this.#world.after(1 + this.#world.random.wait(2500), '', () => {
      if (this.#isOver || !this.#isHard) return;
      this.#strike();
      this.#turn();
    });
  }

  #strike(): void {
    const { random, now } = this.#world;
    const server = this.#server;
    const instance = random.of(this.#instances);
    const what = random.weighted({
      weather: 5,
      fair: 2,
      freezeLog: 1,
      restartLog: 1,
      cut: 2,
      crash: 3,
      freeze: 2,
      clock: 3,
    });
    this.counts[what] = (this.counts[what] ?? 0) + 1;
    const ms = random.wait(random.of([300, 2000, 8000]));
    this.#world.note(`trouble: ${what} ${what.endsWith('Log') ? 'of the log' : instance.name} for ${ms} ms`);
    switch (what) {
      case 'weather':
        server.weather = this.#weather();
        break;
      case 'fair':
        server.weather = FAIR;
        break;
      case 'freezeLog':
        server.frozenUntil = now + ms;
        break;
      case 'restartLog':
        server.restart(Math.min(ms, 5000));
        break;
      case 'cut':
        instance.cutUntil = now + ms;
        break;
      case 'crash':
        instance.crash();
        this.#world.after(Math.min(ms, 5000), '', () => {
          if (!instance.isUp) instance.start();
        });
        break;
      case 'freeze':
        instance.frozenUntil = now + ms;
        break;
      case 'clock':
        instance.clockIsOff += random.of(JUMPS);
        this.#world.note(`the clock of ${instance.name} is off by ${instance.clockIsOff} ms`);
        this.#world.after(random.wait(6000), `the clock of ${instance.name} is put right`, () => {
          instance.clockIsOff = random.whole(-MOST_OFF_MS, MOST_OFF_MS);
        });
    }
  }

  #weather(): Weather {
    const { random } = this.#world;
    const some = () => (random.chance(0.5) ? 0 : random.of([0.02, 0.1, 0.3]));
    return { dropped: some(), lost: some(), refused: some(), late: some() / 2, slow: some(), readFails: some() / 2 };
  }

  /** Clocks that are right are never quite right. */
  #drift(): void {
    const { random } = this.#world;
    const instance = random.of(this.#instances);
    if (Math.abs(instance.clockIsOff) > MOST_OFF_MS) return;
    const off = instance.clockIsOff + random.whole(-700, 700);
    instance.clockIsOff = Math.max(-MOST_OFF_MS, Math.min(MOST_OFF_MS, off));
  }

  #floods(): void {
    const { random } = this.#world;
    if (this.pace > 100 || !random.chance(0.4)) return;
    const workspaceId = random.of(WORKSPACES);
    const waves = random.whole(1, 60);
    const many = random.whole(1, 30);
    const at = random.whole(0, this.#instances.length - 1);
    const pause = random.whole(1, 20);
    this.counts['floods'] = (this.counts['floods'] ?? 0) + 1;
    for (let wave = 0; wave < waves; wave++) {
      this.#world.after(wave * pause, '', () => {
        if (!this.#isOver) this.#flood({ workspaceId, many, at });
      });
    }
  }
}
