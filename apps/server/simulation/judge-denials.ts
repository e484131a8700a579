import type { Call } from './call.ts';
import type { Store } from './store.ts';
import { BEGINS } from './world.ts';

/** So long a flood is counted before its count is written, with what the writing takes. */
const WINDOW_MS = 10_000 + 2500;

interface Line {
  readonly id: string;
  readonly commandId: string | undefined;
  readonly actorId: string;
  readonly rule: string;
  readonly command: string;
  readonly count: number;
  readonly since: number;
}

/** Whether each refused attempt has its line, or was counted in one; nothing where it has. */
export function judgeDenials(calls: readonly Call[], store: Store): string[] {
  const wrong: string[] = [];
  const lines = new Map<string, Line>();
  for (const fact of store.all) {
    if (fact.type !== 'AttemptDenied') continue;
    const { attempt, rule, count, since } = JSON.parse(fact.data) as {
      attempt: { command: string };
      rule: string;
      count: number;
      since: string;
    };
    const { actor, commandId } = JSON.parse(fact.metadata) as { actor: { id: string }; commandId?: string };
    lines.set(fact.id, {
      id: fact.id,
      commandId,
      actorId: actor.id,
      rule,
      command: attempt.command,
      count,
      since: Date.parse(since) - BEGINS,
    });
  }

  const byCommand = Map.groupBy(lines.values(), ({ commandId }) => commandId);
  const byKind = Map.groupBy(lines.values(), ({ actorId, rule, command }) => `${actorId} ${rule} ${command}`);
  const payloads = Map.groupBy(calls, ({ commandId }) => commandId);
  for (const [commandId, own] of byCommand) {
    if (commandId === undefined) continue;
    // Visits are started by a command that is sent once.
    const different = new Set(payloads.get(commandId)?.map(({ payload }) => payload)).size || 1;
    if (own.length > different) wrong.push(`the denial of command ${commandId} stands ${own.length} times`);
  }
  for (const { outcome, command, ended = 0, actorId, commandId, name, instance } of calls) {
    if (outcome?.kind !== 'refused' || command.type === 'SettleBook') continue;
    if (commandId !== undefined && byCommand.has(commandId)) continue;
    const kind = byKind.get(`${actorId} ${outcome.refusal.rule} ${command.type}`) ?? [];
    // Counts that were not written yet are lost in a crash; the first of a kind never are.
    const near = kind.some(({ since }) => Math.abs(since - ended) <= 2 * WINDOW_MS);
    if (near && (commandId === undefined || kind.some((line) => line.commandId === undefined))) continue;
    if (instance.crashes.some((at) => at >= ended && at <= ended + WINDOW_MS) && near) continue;
    wrong.push(`the denial of ${name} (${outcome.refusal.rule}) stands nowhere`);
  }
  return wrong;
}
