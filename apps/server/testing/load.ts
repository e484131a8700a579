import { setTimeout as passed } from 'node:timers/promises';
import { v7 } from 'uuid';
import type { Callers, Reply } from './callers.ts';
import type { OpenVisit } from './open-visits.ts';

/** What somebody was told, and must find in the log. */
export interface Acknowledged {
  readonly views: { readonly id: string; readonly record: string }[];
  readonly commands: { readonly id: string; readonly type: CommandFact }[];
}

/** The fact that a command's one effect is. */
export type CommandFact = 'CaseOpened' | 'StaffAccessEnabled' | 'StaffAccessDisabled' | 'SessionStarted';

export interface LoadOptions {
  readonly callers: Callers;
  /** Some are browsed in; in the others access is turned off and on, and visits are started. */
  readonly browsed: readonly OpenVisit[];
  readonly switched: readonly OpenVisit[];
}

/** Between two things that one person does, and before the same is sent again: the services need the machine too. */
const PAUSE_MS = 10;
const AGAIN_MS = 100;

/**
 * Views, signals, switches and starts of visits over HTTP, all at once. Whoever gets no answer, or "try again", sends the
 * same again: a command with its id, a view with its record.
 */
export class Load {
  readonly acknowledged: Acknowledged = { views: [], commands: [] };
  /** Starts of visits that were refused, which a kill in the middle of one may lead to. */
  readonly refused: string[] = [];
  readonly #options: LoadOptions;
  #running = true;
  #record = 0;
  readonly #working: Promise<unknown>;

  constructor(options: LoadOptions) {
    this.#options = options;
    const { browsed, switched } = options;
    const all = [
      ...browsed.map((visit) => this.#browse(visit)),
      ...switched.map((visit) => this.#switch(visit)),
      ...browsed.slice(0, 2).map((visit) => this.#tell(visit)),
    ];
    this.#working = Promise.all(all);
    this.#working.catch(() => undefined);
  }

  /** Everybody finishes what they are at. @throws what went wrong for one of them. */
  async stop(): Promise<void> {
    this.#running = false;
    await this.#working;
  }

  async #browse(visit: OpenVisit): Promise<void> {
    const { callers } = this.#options;
    while (this.#running) {
      await passed(PAUSE_MS);
      const record = `INV-${this.#record++}`;
      const answer = await this.#until(() => callers.view(visit, record));
      if (!answer) return;
      if (!answer.decision) throw new Error(`An open visit was refused: ${JSON.stringify(answer)}`);
      this.acknowledged.views.push({ id: answer.context.view ?? '', record });
    }
  }

  async #tell({ ref }: OpenVisit): Promise<void> {
    const { callers } = this.#options;
    while (this.#running) {
      await passed(PAUSE_MS);
      const id = v7();
      const signal = { id, type: 'case.opened' as const, workspace: ref, case: `CASE-${id}`, title: 'Told' };
      const answer = await this.#until(() => callers.signal(signal));
      if (!answer) return;
      if (answer.outcome === 'refused') throw new Error(`A signal was refused: ${answer.because}`);
      this.acknowledged.commands.push({ id, type: 'CaseOpened' });
    }
  }

  /** Off ends the visit that stands; on, and the next one is started. */
  async #switch(visit: OpenVisit): Promise<void> {
    const { callers } = this.#options;
    while (this.#running) {
      for (const [to, type] of [
        ['off', 'StaffAccessDisabled'],
        ['on', 'StaffAccessEnabled'],
      ] as const) {
        await passed(PAUSE_MS);
        const id = v7();
        const answer = await this.#until(() => callers.switch(visit, to, id));
        if (!answer) return;
        if (answer.refused !== undefined) throw new Error(`Turning ${to} was refused: ${answer.refused}`);
        this.acknowledged.commands.push({ id, type });
      }
      const id = v7();
      const started = await this.#until(() => callers.start(visit, id));
      if (!started) return;
      if (started.refused === undefined) this.acknowledged.commands.push({ id, type: 'SessionStarted' });
      else this.refused.push(started.refused);
    }
  }

  /** The answer, however often it takes to get one; `undefined` where the load is over before. */
  async #until<Answer>(call: () => Promise<Reply<Answer>>): Promise<Answer | undefined> {
    for (;;) {
      const reply = await call();
      if (reply.kind === 'answered') return reply.answer;
      if (!this.#running) return undefined;
      await passed(AGAIN_MS);
    }
  }
}
