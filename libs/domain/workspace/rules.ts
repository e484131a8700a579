import type { MemberRole } from '@gatebook/protocol';
import type { BookContext, Person } from '../book/context.ts';
import { rule, type Rule } from '../rule.ts';
import { memberWho, type Member } from './workspace.ts';

export const bookIsReadable: Rule<BookContext> = rule('bookIsReadable', ({ book }) =>
  book.readable ? undefined : { because: 'A line of this workspace’s book can’t be read, so nothing is opened.' },
);

export const workspaceIsOpen: Rule<BookContext> = rule('workspaceIsOpen', ({ book }) =>
  book.workspace.phase === 'open' ? undefined : { because: 'There is no such workspace.' },
);

export interface MemberContext extends BookContext {
  readonly by: Person;
  readonly member: Member | undefined;
}

/** The context with the member whom the person is here; roles are read when deciding (threat T26). */
export function asMember(context: BookContext, by: Person): MemberContext {
  return { ...context, by, member: memberWho(context.book.workspace, by.issuer, by.subject) };
}

/** Not a member and no such workspace must look the same (threat T35). */
export const memberBelongsHere: Rule<MemberContext> = rule('memberBelongsHere', ({ member }) =>
  member ? undefined : { because: 'There is no such workspace.' },
);

export const memberRoleMaySwitch: Rule<MemberContext> = rule('memberRoleMaySwitch', ({ member, installation }) => {
  const allowed: readonly MemberRole[] = installation.policy.consent.maySwitch;
  if (member && allowed.includes(member.role)) return undefined;
  return {
    because: `Only ${either(allowed)} may do this; you are ${article(member?.role ?? 'viewer')}.`,
    instead: 'Ask an owner of the workspace.',
  };
});

/** Two confirmed addresses of one person; no address is nobody's. */
export function sameAddress(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== '' && a.trim().toLowerCase() === b.trim().toLowerCase();
}

export function article(word: string): string {
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}`;
}

function either(words: readonly string[]): string {
  return words.map(article).join(' or ');
}
