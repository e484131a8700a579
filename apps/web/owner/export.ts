import { factData } from './book.ts';
import type { LogLine } from './operations.ts';

/** The book as files: what a spreadsheet reads, and what a program reads. */

const COLUMNS: Readonly<Record<string, (line: LogLine) => string | number>> = {
  line: ({ number }) => number,
  time: ({ occurredAt }) => occurredAt,
  recorded: ({ recordedAt }) => recordedAt,
  sentence: ({ summary }) => summary,
  detail: ({ detail }) => detail ?? '',
  kind: ({ kind }) => kind,
  outcome: ({ outcome }) => outcome,
  actor: ({ actor }) => ('name' in actor ? (actor.name ?? '') : ''),
  actorId: ({ actor }) => actor.id,
  visit: ({ sessionId }) => sessionId ?? '',
  case: (line) => factData(line).caseRef ?? '',
  rule: (line) => factData(line).rule ?? '',
  id: ({ id }) => id,
  position: ({ position }) => position,
};

/** RFC 4180, with a byte order mark: without it some spreadsheets read the letters wrong. Times are UTC. */
export function asCsv(lines: readonly LogLine[]): string {
  const rows = lines.map((line) => Object.values(COLUMNS).map((column) => cell(column(line))));
  return `\ufeff${[Object.keys(COLUMNS), ...rows].map((row) => `${row.join(',')}\r\n`).join('')}`;
}

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  // A spreadsheet would take it for a formula: a reason that somebody wrote must stay text.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One JSON object a line, with the fact as it stands in the log. */
export function asNdjson(lines: readonly LogLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** "acme-co-visit-log-2026-11-24.csv". */
export function fileName(workspace: string, now: number, ending: 'csv' | 'ndjson'): string {
  const plain = workspace
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return `${plain || 'workspace'}-visit-log-${new Date(now).toISOString().slice(0, 10)}.${ending}`;
}
