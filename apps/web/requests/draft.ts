import type { MemberId } from '@gatebook/protocol';
import type { NamedField } from '#domain/request/scope';
import { startByFor } from '#domain/request/start-by';
import { withExactly } from '#wording/exactly';
import { stopped } from '#wording/sentence';
import { noNames, sentenceFor, type NamedRequest } from '#wording/wording';
import type { Request, Scope } from './operations.ts';
import { askedOf, changeOf, isDoneWithOther, type Terms } from './told.ts';

const AT = new Date(0).toISOString();
const BY = { kind: 'member', memberId: 'mem_draft' } as const;
const wantedOf = (scope: Scope) => ({
  pages: [...scope.pages],
  action: scope.action && { ...scope.action, digest: '' },
  field: scope.field && fieldNoted(scope.field),
  minutes: scope.minutes,
  can: [...scope.can],
  cannot: [...scope.cannot],
});
/** As facts have it: what the catalogue didn't name has no label. */
const fieldNoted = ({ label, ...named }: NonNullable<Scope['field']>) => (label === null ? named : { ...named, label });
const argumentsOf = ({ argumentsJson: text }: Terms) =>
  text == null ? {} : { arguments: JSON.parse(text) as Record<string, unknown> };
/** What was asked for, where other arguments are granted: the line tells both (S4-47). */
function askedOtherwise(request: Request, granted: Terms) {
  const asked = askedOf(request);
  return isDoneWithOther(asked, granted) ? { askedArguments: argumentsOf(asked).arguments ?? {} } : {};
}
type Asked = Pick<Request, 'staffName' | 'viewAs' | 'viewAsName'> & Partial<Pick<Request, 'kind' | 'scope'>>;
/** A request as lines about it speak of it; one that is not written yet is spoken of by its own line alone. */
const namesWith = ({ staffName, viewAs, viewAsName, kind, scope }: Asked) => ({
  ...noNames,
  people: new Map(viewAs !== null && viewAsName !== null ? [[viewAs, viewAsName]] : []),
  requests: new Map<string, NamedRequest>([
    ['req_draft', { staffId: 'stf_draft', staffName, viewAs, ...(kind && scope && { about: aboutOf(kind, scope) }) }],
  ]),
});
type About = NonNullable<NamedRequest['about']>;
function aboutOf(kind: Request['kind'], scope: Scope): About {
  return { kind: kind.toLowerCase().replace('_', ' ') as About['kind'], wanted: wantedOf(scope) };
}
const around = { time: AT, actor: { kind: 'member', id: 'mem_draft' } } as const;

export interface Decided {
  readonly request: Request;
  /** The person who decides. */
  readonly name: string;
  readonly message: string | null;
}

/** The line that approving writes, from the wording of the line itself: the two can't differ. */
export function draftOfApproval(
  { request, name, message }: Decided,
  granted: Terms,
  { now, startByMinutes }: { readonly now: number; readonly startByMinutes: number },
  time: (at: number) => string,
): string {
  const planned = request.plannedStart === null ? null : Date.parse(request.plannedStart);
  const startBy = startByFor(planned, now, { request: { startByMinutes } });
  const change = changeOf(askedOf(request), granted);
  const { text, detail } = sentenceFor(
    {
      type: 'AccessApproved',
      data: {
        requestId: 'req_draft',
        grantId: 'gr_draft',
        by: BY,
        granted: wantedOf(granted),
        change,
        startBy: new Date(startBy).toISOString(),
        personal: { subject: 'mem_draft', name, message, ...argumentsOf(granted), ...askedOtherwise(request, granted) },
      },
      metadata: around,
    },
    namesWith(request),
    time,
  );
  return `${stopped(text)}${detail === undefined ? '' : ` ${detail}`}`;
}

/** The same where a second person decides behind the reader. */
export function draftOfFirstApproval({ request, name, message }: Decided, granted: Terms): string {
  const { text, detail } = sentenceFor(
    {
      type: 'FirstApprovalGiven',
      data: {
        requestId: 'req_draft',
        by: BY,
        granted: wantedOf(granted),
        change: changeOf(askedOf(request), granted),
        digest: '',
        personal: {
          subject: 'mem_draft',
          name,
          email: null,
          message,
          ...argumentsOf(granted),
          ...askedOtherwise(request, granted),
        },
      },
      metadata: around,
    },
    namesWith(request),
  );
  return `${stopped(text)}${detail === undefined ? '' : ` ${detail}`}`;
}

export function draftOfDecline({ request, name, message }: Decided): string {
  const { text, detail } = sentenceFor(
    {
      type: 'AccessDeclined',
      data: { requestId: 'req_draft', by: BY, personal: { subject: 'mem_draft', name, message } },
      metadata: around,
    },
    namesWith(request),
  );
  return `${stopped(text)}${detail === undefined ? '' : ` ${detail}`}`;
}

export function draftOfQuestion({ request, name }: Omit<Decided, 'message'>, question: string): string {
  return sentenceFor(
    {
      type: 'InformationAsked',
      data: { requestId: 'req_draft', by: BY, digest: '', personal: { subject: 'mem_draft', name, question } },
      metadata: around,
    },
    namesWith(request),
  ).text;
}

export interface Asking {
  readonly name: string;
  readonly kind: 'read' | 'write' | 'reveal' | 'export' | 'extension' | 'sensitive entry';
  /** `null`: for none. */
  readonly caseRef: string | null;
  readonly reason: string;
  readonly label: string | null;
  /** The one masked value, of a reveal; left out: none. */
  readonly field?: NamedField | null;
  readonly minutes: number;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
  /** What the action is done with; `null`: nothing. */
  readonly arguments: Readonly<Record<string, unknown>> | null;
  /** The id of the member as whom is looked; `null`: as support. */
  readonly viewAs: MemberId | null;
  /** Where it is known here; else the line has the id until it is written. */
  readonly viewAsName?: string | null;
}

/** The line that asking writes. When it lapses, the settings of the workspace say, and it isn't known here. */
export function draftOfRequest(asking: Asking): string {
  const { name, kind, caseRef, reason, label, minutes, can, cannot, arguments: given } = asking;
  const { viewAs, viewAsName = null, field = null } = asking;
  const staffId = 'stf_draft';
  const { text } = sentenceFor(
    {
      type: 'AccessRequested',
      data: {
        requestId: 'req_draft',
        staffId,
        person: { issuer: '', subject: '' },
        kind,
        caseId: 'case_draft',
        // A visit's own field says none by an empty text.
        caseRef: caseRef || null,
        job: null,
        viewAs,
        wanted: {
          pages: [],
          action: label === null ? null : { name: '', label, target: null, digest: '' },
          field,
          minutes,
          can: [...can],
          cannot: [...cannot],
        },
        extends: null,
        plannedStart: null,
        triggers: [],
        asks: 'customer',
        lapsesAt: AT,
        digest: '',
        reliedOn: { policy: 0, catalogue: 0, staff: 0 },
        personal: { subject: staffId, staffName: name, staffEmail: '', reason, arguments: given && { ...given } },
      },
      metadata: { time: AT, actor: { kind: 'staff', id: staffId } },
    },
    namesWith({ staffName: name, viewAs, viewAsName }),
  );
  const exactly = withExactly(given);
  return exactly === undefined ? text : `${stopped(text)} ${exactly}`;
}
