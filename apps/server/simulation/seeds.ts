import type { Planted } from './planted.ts';
import { simulate, type SimulationResult } from './simulation.ts';

export interface Seeds {
  /** The first; the next ones follow. */
  readonly seed: number;
  /** Of each seed. */
  readonly steps: number;
  /** Until this much time is over… */
  readonly seconds: number;
  /** …or exactly this many seeds. */
  readonly seeds?: number | undefined;
  readonly planted?: Planted | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface SeedsRun {
  readonly failed: readonly SimulationResult[];
  readonly counts: Readonly<Record<string, number>>;
}

const LARGEST_OF = new Set(['longestWait', 'slowestOff']);

/** Runs one seed after the other; ends at the first that fails. */
export async function simulateFor({ seed, steps, seconds, seeds, planted, onLine }: Seeds): Promise<SeedsRun> {
  const began = performance.now();
  const sums: Record<string, number> = {};
  const failed: SimulationResult[] = [];
  let count = 0;
  let all = 0;
  let ms = 0;
  const isOver = () => (seeds === undefined ? performance.now() - began > seconds * 1000 : count >= seeds);
  while (failed.length === 0 && (count === 0 || !isOver())) {
    const result = await simulate({
      seed: seed + count,
      steps,
      ...(planted && { planted }),
      ...(onLine && { onLine }),
    });
    count++;
    all += result.steps;
    ms += result.ms;
    for (const [name, number] of Object.entries(result.counts)) {
      const sum = sums[name] ?? 0;
      sums[name] = LARGEST_OF.has(name) ? Math.max(sum, number) : sum + number;
    }
    if (result.violations.length > 0) failed.push(result);
  }
  const took = performance.now() - began;
  const stepsAMinute = Math.round((all / took) * 60_000);
  const simulatedMinutes = Math.round(ms / 60_000);
  return {
    failed,
    counts: { seed, seeds: count, steps: all, stepsAMinute, simulatedMinutes, violations: failed.length, ...sums },
  };
}

/** What was wrong, what happened before, and how to see it again. */
export function told({ seed, asked, at, violations, lines, digest }: SimulationResult, most = 30): string {
  const planted = asked.planted === undefined ? '' : ` --planted "${asked.planted}"`;
  return [
    `Seed ${seed} failed at step ${at} (digest ${digest}):`,
    ...violations.slice(0, 10).map((violation) => `  - ${violation}`),
    `The last of what happened:`,
    ...lines.slice(-most),
    `To repeat it: npm run -s simulate -- --seed ${seed} --seeds 1 --steps ${asked.steps}${planted}`,
  ].join('\n');
}
