import type { Machine } from './processor.ts';

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** One measure of one subject, over all rounds. */
export interface Figure extends Spread {
  readonly subject: string;
  /** Under which load: "64 connections". */
  readonly at: string;
  /** With its unit: "requests per second". */
  readonly measure: string;
}

/** One subject's measure over another's, round by round, so that a slow minute of the machine hits both. */
export interface Ratio extends Spread {
  readonly what: string;
}

export interface Bar {
  readonly what: string;
  /** NaN, or null in JSON, when it could not be measured: then the bar fails. */
  readonly value: number;
  readonly atLeast?: number;
  readonly atMost?: number;
  readonly pass: boolean;
}

/** What a bench found. */
export interface Findings {
  readonly rounds: number;
  readonly figures: readonly Figure[];
  readonly ratios: readonly Ratio[];
  readonly bars: readonly Bar[];
  /** `false` where the bench leaves its processes on whichever core is free, though they could be pinned. */
  readonly pinned?: false;
  /** What the figures' names leave open, a sentence each. */
  readonly notes?: readonly string[];
}

export interface BenchOptions {
  /** The bench's own number when undefined. */
  readonly rounds: number | undefined;
  /** How many facts the log holds, for benches that make one; the bench's own number when undefined. */
  readonly facts?: number | undefined;
  /** Enough to see that everything works; the figures are rough. */
  readonly short: boolean;
  /** A line for the person waiting; never part of the result. */
  readonly tell: (line: string) => void;
}

export interface Bench {
  readonly name: string;
  /** One sentence for `--help`. */
  readonly summary: string;
  readonly run: (options: BenchOptions) => Promise<Findings>;
}

/** The one object of `--json`. */
export interface Report extends Findings {
  readonly name: string;
  readonly machine: Machine;
  readonly pass: boolean;
}

/** Smallest, middle (the mean of two middles) and largest; all NaN when there is nothing, or something unknown. */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0 || values.some(Number.isNaN)) return { min: NaN, median: NaN, max: NaN };
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

/** Both lists hold one value a round, in the same order. */
export function ratio(what: string, over: readonly number[], under: readonly number[]): Ratio {
  if (over.length !== under.length) return { what, ...spread([]) };
  return { what, ...spread(over.map((value, round) => value / under[round]!)) };
}

export function bar(what: string, value: number, limits: { atLeast?: number; atMost?: number }): Bar {
  const { atLeast = -Infinity, atMost = Infinity } = limits;
  // NaN is neither, so what was not measured does not pass.
  return { what, value, ...limits, pass: value >= atLeast && value <= atMost };
}

/** A bench without bars has shown nothing. */
export function passes(bars: readonly Bar[]): boolean {
  return bars.length > 0 && bars.every(({ pass }) => pass);
}

/** The report as tables for a terminal. */
export function render(report: Report): string {
  const { machine } = report;
  const parts = [
    `${report.name}: ${report.rounds} ${report.rounds === 1 ? 'round' : 'rounds'}, interleaved, ` +
      `${(report.pinned ?? machine.pinned) ? 'servers and load generator on a core each' : 'not pinned'}`,
    `${machine.processor}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}`,
    '',
    figureTable(report.figures),
  ];
  if (report.ratios.length > 0) {
    const rows = report.ratios.map(({ what, min, median, max }) => [what, ...[min, median, max].map(shortNumber)]);
    parts.push('', table([['ratio', 'min', 'median', 'max'], ...rows]));
  }
  if (report.notes) parts.push('', ...report.notes);
  const bars = report.bars.map((it) => [it.what, shortNumber(it.value), limitsOf(it), it.pass ? 'pass' : 'FAIL']);
  parts.push('', table([['bar', 'value', 'wanted', ''], ...bars]), '', report.pass ? 'PASS' : 'FAIL');
  return parts.join('\n');
}

/** A row for each load and subject, a column for each measure: the median, and from the least to the most. */
function figureTable(figures: readonly Figure[]): string {
  const measures = [...new Set(figures.map(({ measure }) => measure))];
  const rows = Map.groupBy(figures, ({ at, subject }) => `${at}\0${subject}`);
  const lines = [...rows.values()].map((row) => [
    row[0]!.at,
    row[0]!.subject,
    ...measures.map((measure) => {
      const figure = row.find((it) => it.measure === measure);
      if (!figure) return '-';
      const { min, median, max } = figure;
      return `${shortNumber(median)} (${shortNumber(min)} to ${shortNumber(max)})`;
    }),
  ]);
  return table([['median (min to max)', 'subject', ...measures], ...lines]);
}

function limitsOf({ atLeast, atMost }: Bar): string {
  const limits = [];
  if (atLeast !== undefined) limits.push(`at least ${shortNumber(atLeast)}`);
  if (atMost !== undefined) limits.push(`at most ${shortNumber(atMost)}`);
  return limits.join(', ');
}

function shortNumber(value: number): string {
  if (Number.isNaN(value)) return 'not measured';
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
