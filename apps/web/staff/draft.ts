import { readScope, type Catalogue } from '#domain/catalogue/catalogue';
import { noNames, sentenceFor } from '#wording/wording';
import type { StartChoices } from './operations.ts';

export interface Draft {
  readonly name: string;
  /** `null`: for none. */
  readonly caseRef: string | null;
  readonly reason: string;
  readonly minutes: number;
}

/**
 * The line that starting a visit will write, from the same wording as the line itself: the two can't differ. Who had
 * turned staff access on stands below it in the book, and isn't known here. It comes with a file of its own, since the
 * whole wording does.
 */
export function draftOfStart({ name, caseRef, reason, minutes }: Draft): string {
  const now = new Date(0).toISOString();
  const staffId = 'stf_draft';
  return sentenceFor(
    {
      type: 'SessionStarted',
      data: {
        sessionId: 'ses_draft',
        staffId,
        caseId: 'case_draft',
        caseRef,
        job: null,
        mode: 'read',
        pages: [],
        can: [],
        cannot: [],
        plannedEnd: new Date(minutes * 60_000).toISOString(),
        idleMinutes: 0,
        pagesPerMinute: 0,
        enterBy: now,
        approvedBy: { kind: 'policy' },
        identityConfirmedAt: now,
        viewedAs: null,
        reliedOn: { policy: 0, catalogue: 0, staff: 0 },
        personal: { subject: staffId, staffName: name, staffEmail: '', reason, approverName: null },
      },
      metadata: { time: now, actor: { kind: 'staff', id: staffId } },
    },
    noNames,
  ).text;
}

/** What a visit for the job may and may not do, by the very function that decides it; areas that an owner left out aside. */
export function scopeOf({ pages, jobs, actions }: StartChoices['catalogue'], job: string) {
  const byId = <Entry extends { readonly id: string }, Value>(all: readonly Entry[], value: (entry: Entry) => Value) =>
    Object.fromEntries(all.map((entry) => [entry.id, value(entry)]));
  const catalogue = {
    areas: {},
    pages: byId(pages, ({ label, class: risk }) => ({ label, class: risk })),
    actions: byId(actions, ({ label, class: risk }) => ({ label, class: risk })),
    fields: {},
    jobs: byId(jobs, ({ label, pages: of, actions: its, readOnly }) => ({
      label,
      pages: of,
      actions: its,
      mode: readOnly ? 'read' : 'edit',
    })),
  } as Catalogue;
  const { can, cannot } = readScope(catalogue, job, []);
  return { can, cannot };
}
