import { caseInWords, visibly, type EndCause } from '@gatebook/protocol';
import { ENDED_BECAUSE } from './session-lines.ts';
import { counted } from './sentence.ts';

/** What a visit's note is made of: the visit as it ended, and how much of each kind its lines tell. */
export interface VisitToTell {
  /** As the policy shows it to the customer; `null` once erased. */
  readonly staffName: string | null;
  /** The member viewed as; left out: as support. Their name is `null` once erased. */
  readonly viewedAs?: { readonly name: string | null };
  /** As the help desk writes it; `null`: for none. */
  readonly caseRef: string | null;
  /** What it was for, where it was one action: "change the setting tax"; left out: to look. */
  readonly task?: string | undefined;
  /** From its beginning to its true end. */
  readonly lastedMs: number;
  readonly pages: number;
  /** Whether each opened page is a line of its own; not where the settings write down sensitive pages alone (S4-49). */
  readonly everyPage: boolean;
  /** Masked fields that were shown, as it was approved. */
  readonly revealed: number;
  readonly actions: readonly ToldAction[];
  /** Attempts, counted where one line stands for several. */
  readonly refused: number;
  readonly endCause: EndCause;
}

export interface ToldAction {
  readonly kind: 'change' | 'export';
  /** `waiting`: the product may still tell what came of it. */
  readonly outcome: 'done' | 'failed' | 'unknown' | 'waiting';
  /** Whether a person approved it; else the settings asked for no approval. */
  readonly approved: boolean;
}

/**
 * The short note of a visit that has ended, to the customer's people: who came in, for which change or to look, for how long, and what
 * came of it (S4-57). A second sentence says why it ended, where the staff member did not leave by themselves.
 */
export function visitNote(visit: VisitToTell): string {
  const { staffName, viewedAs, caseRef, task, lastedMs, endCause } = visit;
  const who = staffName ?? 'A staff member whose name is erased';
  const as = viewedAs ? `, viewing as ${viewedAs.name ?? 'a member whose name is erased'},` : '';
  const looked = caseRef === null ? caseInWords(null) : `to verify the issue in ${visibly(caseRef)}`;
  const what = task === undefined ? looked : `to ${task}, ${caseInWords(caseRef)}`;
  const minutes = Math.floor(lastedMs / 60_000);
  const lasted = minutes < 1 ? 'less than a minute' : counted(minutes, 'minute');
  const told = `${who}${as} accessed your workspace ${what}, for ${lasted}: ${whatCameOf(visit).join(', ')}.`;
  if (endCause === 'exited') return told;
  return `${told} It ended because ${endCause === 'ended by owner' ? 'your team ended it' : ENDED_BECAUSE[endCause]}.`;
}

function whatCameOf({ pages, everyPage, revealed, actions, refused }: VisitToTell): string[] {
  const least = everyPage ? '' : 'at least ';
  return [
    pages === 0 ? 'no page viewed' : `${least}${inWords(pages, 'page')} viewed`,
    ...(revealed === 0 ? [] : [`${inWords(revealed, 'masked field')} shown as approved`]),
    ...(actions.length === 0 ? ['nothing changed'] : toldActions(actions)),
    ...(refused === 0 ? [] : [`${inWords(refused, 'attempt')} refused`]),
  ];
}

/** Those of one kind, approval and outcome together, in the order in which they first came. */
function toldActions(actions: readonly ToldAction[]): string[] {
  const together = Map.groupBy(
    actions,
    ({ kind, outcome, approved }) => `${approved ? 'approved ' : ''}${kind} ${outcome}`,
  );
  return [...together.values()].flatMap((alike) => {
    const [one] = alike;
    if (!one) return [];
    const count = inWords(alike.length, `${one.approved ? 'approved ' : ''}${one.kind}`);
    switch (one.outcome) {
      case 'done':
        return [`${count} made`];
      case 'failed':
        return [`${count} tried that failed`];
      case 'unknown':
        return [`${count} whose outcome is unknown`];
      case 'waiting':
        return [`${count} allowed whose outcome is not told yet`];
    }
  });
}

/** "one page", "3 pages". */
function inWords(count: number, one: string): string {
  return count === 1 ? `one ${one}` : counted(count, one);
}
