/** What let a staff member in: the owner's switch, an approval of a member or of the vendor, or the settings alone. */
export type LetInKind = 'switch' | 'member' | 'staff' | 'policy';

/**
 * Who let a staff member in, as a sentence; both where two approved.
 *
 * @param who what the last of them is called; `null`: nothing is known of them but on whose side they are.
 * @param first what the customer's own, who approved before, is called; left out: one was enough.
 */
export function letInBy(kind: LetInKind, who: string | null, first?: string): string {
  const both = first === undefined ? '' : `${first} and `;
  switch (kind) {
    case 'switch':
      return `${who ?? 'A member'} had turned staff access on.`;
    case 'member':
    case 'staff': {
      const last = who ?? (kind === 'member' ? 'a member' : 'somebody of the vendor');
      return sentenceCase(`${both}${last} approved this visit.`);
    }
    case 'policy':
      return 'The settings ask for no approval of such a visit.';
  }
}

function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
