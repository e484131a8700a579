import { caseInWords } from '@gatebook/protocol';
import { recordNamed } from '#domain/catalogue/catalogue';
import type { GrantFact } from '#domain/grant/grant';
import type { Decider, RequestFact, RequestKind, Wanted } from '#domain/request/request';
import { fieldLabel } from '#domain/request/scope';
import { fromInstant } from '#domain/fact';
import { withExactly, withExactlyInstead } from './exactly.ts';
import type { Names } from './names.ts';
import { counted, listed, strong, type FormatTime, type Piece } from './sentence.ts';
import { filled, type WordSet } from './word-sets.ts';

/** The parts of a line: what comes first, and the detail underneath. */
export interface LineParts {
  readonly pieces: readonly Piece[];
  readonly detail?: string | undefined;
}

/** What a heading is made of. */
export interface Headed {
  readonly kind: RequestKind;
  readonly staffName: string | null;
  readonly wanted: Wanted;
  /** What the member to view as is called; left out or `null`: as support. */
  readonly viewAs?: string | null;
}

/** The head of a request before who decides, in the words of the vendor's preset (S0-22), and as whom they look (S1-4). */
export function requestHeading({ kind, staffName, wanted, viewAs }: Headed, words: WordSet): string {
  return filled(kind === 'write' ? words.writeRequest : words.request, {
    name: staffName ?? 'a staff member whose name is erased',
    action: `${whatIn(kind, wanted)}${viewAs ? `, viewing as ${viewAs}` : ''}`,
  });
}

/** Why a request that somebody approved first waits for the customer again. */
export function waitsAgain(counts: 'no member' | 'may not decide', approver: string | null): string {
  const who = approver ?? 'Somebody';
  const since = counts === 'no member' ? 'is no member any more' : 'may no longer decide';
  return `${who} approved it first and ${since}: that approval counts no more, and the customer’s is asked for again.`;
}

interface Around {
  readonly names: Names;
  readonly time: FormatTime;
  readonly staffCalled: (id: string) => string;
  readonly memberCalled: (id: string) => string;
  readonly viewingAs: (id: string | null | undefined) => string;
}

/** The lines of a request, from asking to its one end (S4-44 to S4-47, S4-58). */
export function requestLine(fact: RequestFact, around: Around): LineParts {
  const { names, time, staffCalled, viewingAs } = around;
  const asker = names.requests.get(fact.data.requestId);
  const their = asker ? `${asker.staffName ?? staffCalled(asker.staffId)}’s request` : 'a request';
  const Their = asker ? their : 'A request';
  const as = viewingAs(asker?.viewAs);
  switch (fact.type) {
    case 'AccessRequested': {
      const { staffId, caseRef, kind, wanted, viewAs, plannedStart, personal, lapsesAt } = fact.data;
      const who = personal?.staffName ?? staffCalled(staffId);
      return {
        pieces: [
          who,
          ' ',
          strong('asked'),
          ` to ${whatIn(kind, wanted)}${viewingAs(viewAs)}, for ${counted(wanted.minutes, 'minute')}, ${caseInWords(caseRef)}`,
          personal ? `: “${personal.reason}”` : '',
        ],
        detail: sentences(
          plannedStart === null ? undefined : `It is planned for ${time(fromInstant(plannedStart))}.`,
          `It lapses ${time(fromInstant(lapsesAt))}.`,
          // Behind the times: what people wrote is never taken for one.
          withExactly(personal?.arguments),
          `Can: ${listed(wanted.can)}.`,
        ),
      };
    }
    case 'InformationAsked': {
      const { by, personal } = fact.data;
      return {
        pieces: [
          personal?.name ?? deciderCalled(by, around),
          ' ',
          strong('asked back'),
          personal ? `: “${personal.question}”` : '',
        ],
      };
    }
    case 'InformationGiven': {
      const { personal } = fact.data;
      const who = personal?.name ?? (asker ? staffCalled(asker.staffId) : 'The staff member');
      return { pieces: [who, ' ', strong('answered'), personal ? `: “${personal.answer}”` : ''] };
    }
    case 'FirstApprovalGiven': {
      const { by, granted, personal } = fact.data;
      return {
        pieces: [
          personal?.name ?? deciderCalled(by, around),
          ' ',
          strong('approved first'),
          `, and a second person decides now: ${their} to ${whatIn(asker?.about?.kind ?? 'read', granted)}${as}`,
        ],
        detail: sentences(exactlyGranted(personal), changeDetail(fact)),
      };
    }
    case 'AccessApproved': {
      const { by, granted, change, startBy, personal } = fact.data;
      const until = `It is begun by ${time(fromInstant(startBy))} or not at all.`;
      return {
        pieces: [
          by.kind === 'policy' ? 'The settings' : (personal?.name ?? deciderCalled(by, around)),
          ' ',
          strong(change === null ? 'approved' : 'approved with changes'),
          ` ${their} to ${whatIn(asker?.about?.kind ?? 'read', granted)}${as}, for ${counted(granted.minutes, 'minute')}`,
        ],
        detail: sentences(exactlyGranted(personal), changeDetail(fact), until),
      };
    }
    case 'AccessDeclined': {
      const { by, personal } = fact.data;
      return {
        pieces: [personal?.name ?? deciderCalled(by, around), ' ', strong('declined'), ` ${their}`],
        detail: personal?.message ? `“${personal.message}”` : undefined,
      };
    }
    case 'AccessWithdrawn':
      return { pieces: [Their, ' ', strong('was taken back'), WITHDRAWN[fact.data.cause]] };
    case 'AccessLapsed':
      return { pieces: [Their, ' ', strong('lapsed'), `: ${LAPSED[fact.data.cause]}`] };
  }
}

const WITHDRAWN = {
  'by the staff member': '',
  'staff disabled': ': the staff member may no longer visit',
  'case reassigned': ': the case belongs to somebody else now',
} as const;

const LAPSED = {
  'nobody decided': 'nobody decided in time',
  'access off': 'staff access was turned off',
  'case closed': 'its case was closed',
  'workspace closed': 'the workspace was closed',
} as const;

/** The lines of a grant and of what is done on it (S1-21, S4-48, S4-52). */
export function grantLine(fact: GrantFact, who: string, around: Around): LineParts {
  const { names, time, staffCalled } = around;
  switch (fact.type) {
    case 'ScopeConfirmed':
      return { pieces: [staffCalled(fact.data.staffId), ' ', strong('confirmed'), ' the changed scope'] };
    case 'GrantLapsed': {
      const asker = names.requests.get(fact.data.requestId);
      const whose = asker ? `What ${asker.staffName ?? staffCalled(asker.staffId)} was granted` : 'A grant';
      const { about } = asker ?? {};
      if (about && fact.data.cause === 'session ended') {
        const { action, field } = about.wanted;
        // Older logs have this line also where nothing was left over: it was the visit itself that was granted.
        if (action === null && field === null) return { pieces: [whose, ' ', strong('ended'), ' with the visit'] };
        const left = `: to ${whatIn(about.kind, about.wanted)}; ${GRANT_ENDED['session ended']}`;
        return { pieces: [whose, ' ', strong('lapsed'), left] };
      }
      return { pieces: [whose, ' ', strong('lapsed'), `: ${GRANT_ENDED[fact.data.cause]}`] };
    }
    case 'ActionAuthorised': {
      const { label, caseRef, reportBy, personal } = fact.data;
      return {
        pieces: [who, ' ', strong('was allowed'), ` to ${label}, ${underCase(caseRef)}`],
        detail: sentences(
          `What came of it is told by ${time(fromInstant(reportBy))}.`,
          withExactly(personal?.arguments),
        ),
      };
    }
    case 'ActionReported': {
      const { label, caseRef, outcome, fields, personal } = fact.data;
      if (outcome === 'unknown')
        return { pieces: ['What came of it ', strong('is unknown'), `: to ${label}, ${underCase(caseRef)}`] };
      if (outcome === 'failed')
        return { pieces: [who, ' ', strong('tried'), ` to ${label}, and it failed, ${underCase(caseRef)}`] };
      const told = (personal?.changes ?? []).filter((change) => change.old !== null || change.new !== null);
      const [first, ...others] = told;
      // The catalogue's name of a field is no word for people; what was approved is one: "change the setting tax".
      const called = first && others.length === 0 && DOTTED.test(first.field) && /^change (.+)$/.exec(label)?.[1];
      if (called)
        return {
          pieces: [who, ' ', strong('changed'), ` ${called} ${fromTo(first)}, ${underCase(caseRef)}`],
          detail: `Changed: ${first.field}.`,
        };
      const changes = told.map((change) => `${change.field} ${fromTo(change)}`);
      if (changes.length > 0)
        return {
          pieces: [who, ' ', strong('changed'), ` ${listed(changes)}, ${underCase(caseRef)}`],
          detail: `To ${label}.`,
        };
      return {
        pieces: [who, ' ', strong('did'), ` what was approved, to ${label}, ${underCase(caseRef)}`],
        detail: fields.length > 0 ? `Changed: ${listed(fields)}; the values are not kept.` : undefined,
      };
    }
    case 'FieldRevealed': {
      return {
        pieces: [who, ' ', strong('was shown'), ` ${fieldLabel(fact.data)}, as approved`],
      };
    }
  }
}

/** As the catalogue's fields are named. */
const DOTTED = /^[\w-]+(\.[\w-]+)+$/;

function fromTo(change: { readonly old: string | null; readonly new: string | null }): string {
  return `from ${change.old ?? '(nothing)'} to ${change.new ?? '(nothing)'}`;
}

const GRANT_ENDED = {
  'not started in time': 'it was not begun in time',
  'access off': 'staff access was turned off',
  'approver left': 'who approved it may no longer approve',
  'case closed': 'its case was closed',
  'case reassigned': 'the case belongs to somebody else now',
  'staff disabled': 'the staff member may no longer visit',
  withdrawn: 'it was taken back',
  'session ended': 'the visit ended before it was used',
  'workspace closed': 'the workspace was closed',
} as const;

function whatIn(kind: string, wanted: Pick<Wanted, 'action' | 'field'>): string {
  if (wanted.action) return `${wanted.action.label}, once`;
  if (wanted.field) return `see ${fieldLabel(wanted.field)}, once`;
  return kind === 'extension' ? 'look for longer' : kind === 'sensitive entry' ? `look at what is sensitive` : 'look';
}

type Approval = Extract<RequestFact, { type: 'FirstApprovalGiven' | 'AccessApproved' }>;

/** What it is done with; where that was changed, beside what was asked for. */
function exactlyGranted(personal: Approval['data']['personal']): string | undefined {
  const { arguments: given, askedArguments: asked } = personal ?? {};
  return asked === undefined ? withExactly(given) : withExactlyInstead(given, asked);
}

function changeDetail({ data: { change, granted, personal } }: Approval): string | undefined {
  if (change === null) return undefined;
  const { target } = change;
  // A phrase that names its record says already that it is another.
  const isNamed = change.added.includes(`${granted.action?.label}, once`);
  const parts = [
    ...(change.removed.length > 0 ? [`left out: ${listed(change.removed)}`] : []),
    ...(change.added.length > 0 ? [`added: ${listed(change.added)}`] : []),
    ...(target && !isNamed ? [`on ${onWhat(target.to)} where ${onWhat(target.from)} was asked for`] : []),
    ...(change.minutes ? [`${counted(change.minutes.to, 'minute')} where ${change.minutes.from} were asked for`] : []),
  ];
  if (parts.length === 0 && personal?.askedArguments !== undefined) return undefined;
  const text = parts.length > 0 ? parts.join('; ') : 'other arguments than asked for';
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function onWhat(target: string | null): string {
  return target === null ? 'none' : recordNamed(target);
}

/** One after the other, those that there are. */
function sentences(...all: readonly (string | undefined)[]): string | undefined {
  const said = all.filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}

function deciderCalled(by: Decider, { staffCalled, memberCalled }: Around): string {
  switch (by.kind) {
    case 'member':
      return memberCalled(by.memberId);
    case 'staff':
      return staffCalled(by.staffId);
    case 'policy':
      return 'The settings';
  }
}

function underCase(caseRef: string | null): string {
  return caseRef === null ? caseInWords(null) : `under ${caseRef}`;
}
