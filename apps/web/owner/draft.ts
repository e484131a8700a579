import { noNames, sentenceFor } from '#wording/wording';

export interface Draft {
  readonly name: string;
  /** Epoch milliseconds; `null`: until it is turned off. */
  readonly until: number | null;
  readonly withoutAreas: readonly string[];
  readonly areas: readonly { readonly id: string; readonly label: string }[];
  readonly onlyCase: string | null;
  readonly askEach: boolean;
}

/**
 * The line that turning staff access on will write, from the same wording as the line itself: the two can't differ. It
 * comes with a file of its own, since the whole wording does.
 */
export function draftOfEnable(draft: Draft, time: (at: number) => string): string {
  const { name, until, withoutAreas, areas, onlyCase, askEach } = draft;
  const memberId = 'mem_draft';
  const { text, detail } = sentenceFor(
    {
      type: 'StaffAccessEnabled',
      data: {
        until: until === null ? null : new Date(until).toISOString(),
        memberId,
        withoutAreas: [...withoutAreas],
        onlyCase: onlyCase === null ? null : 'case_draft',
        ...(askEach && { askEach }),
        policyRevision: 0,
        personal: { subject: memberId, name },
      },
      metadata: { time: new Date(until ?? 0).toISOString(), actor: { kind: 'member', id: memberId } },
    },
    {
      ...noNames,
      cases: new Map([['case_draft', onlyCase ?? '']]),
      areas: new Map(areas.map(({ id, label }) => [id, label])),
    },
    time,
  );
  return `${text}.${detail === undefined ? '' : ` ${detail}`}`;
}
