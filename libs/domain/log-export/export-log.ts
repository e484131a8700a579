import type { MemberRole } from '@gatebook/protocol';
import type { BookFact } from '../book/book.ts';
import type { BookContext, Person } from '../book/context.ts';
import { firstRefusal, rule, type Decision, type Rule } from '../rule.ts';
import { article, asMember, memberBelongsHere, type MemberContext } from '../workspace/rules.ts';
import type { ExportFilter, ExportFormat } from './log-export.ts';

export interface ExportLog {
  readonly type: 'ExportLog';
  readonly by: Person;
  readonly format: ExportFormat;
  readonly filter: ExportFilter;
  /** Words that were searched for; `null`: none. */
  readonly search: string | null;
  /** How many lines there are; `null`: not counted. */
  readonly lines: number | null;
  /** Position of the newest line that can be in the file. */
  readonly upTo: string | null;
}

/** Who may read the book may take it along. */
const READERS: readonly MemberRole[] = ['owner', 'admin', 'manager'];

const memberMayReadTheBook: Rule<MemberContext> = rule('roleMayAsk', ({ member }) => {
  if (member && READERS.includes(member.role)) return undefined;
  return {
    because: `Only an owner, an admin or a manager may export the visit log; you are ${article(member?.role ?? 'viewer')}.`,
    instead: 'Ask an owner of the workspace.',
  };
});

/** Nothing is opened by it: a book with a line that can't be read, or of a closed workspace, can be taken along too. */
export function exportLog(command: ExportLog, context: BookContext): Decision<BookFact> {
  const here = asMember(context, command.by);
  const refusal = firstRefusal([memberBelongsHere, memberMayReadTheBook], here);
  if (refusal || !here.member) return { facts: [], refusal };
  const { format, filter, search, lines, upTo, by } = command;
  const { id, shownName } = here.member;
  const personal = { subject: id, name: shownName ?? by.name ?? id, ...(search !== null && { search }) };
  return { facts: [{ type: 'LogExported', data: { memberId: id, format, filter, lines, upTo, personal } }] };
}
