import type { ExportFact } from '#domain/log-export/log-export';
import { fromInstant } from '#domain/fact';
import { counted, listed, strong, type FormatTime, type Piece } from './sentence.ts';

/** "Maria Ortiz exported 12 lines of the visit log as CSV", and which lines below it. */
export function exportLine({ data }: ExportFact, who: string, time: FormatTime): { pieces: Piece[]; detail: string } {
  const lines = data.lines === null ? 'lines' : counted(data.lines, 'line');
  const pieces = [who, ' ', strong('exported'), ` ${lines} of the visit log as ${data.format.toUpperCase()}`];
  const { sessionId, actors, kinds, marks, outcomes, from, before } = data.filter;
  const only = [
    ...(sessionId === undefined ? [] : ['of one visit']),
    ...(actors === undefined ? [] : [`of ${counted(actors.length, 'person', 'people')}`]),
    ...(kinds === undefined && marks === undefined && outcomes === undefined ? [] : ['of some kinds']),
    ...(from === undefined ? [] : [`from ${time(fromInstant(from))} on`]),
    ...(before === undefined ? [] : [`before ${time(fromInstant(before))}`]),
    ...(data.personal?.search === undefined ? [] : [`with the words “${data.personal.search}”`]),
  ];
  return { pieces, detail: only.length === 0 ? 'The whole book.' : `Only lines ${listed(only)}.` };
}
