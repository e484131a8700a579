import type { Actor, EndCause, MaskKind } from '@gatebook/protocol';
import type { DenialFact } from '#domain/denial/denial';
import { fromInstant } from '#domain/fact';
import { recognise, type DomainFact } from '#domain/facts';
import type { ReviewFact } from '#domain/review/review';
import type { SessionFact } from '#domain/session/session';
import type { StaffAccessFact } from '#domain/staff-access/staff-access';
import type { StaffFact } from '#domain/staff/staff';
import { article } from '#domain/workspace/rules';
import type { WorkspaceFact } from '#domain/workspace/workspace';
import { exportLine } from './export-lines.ts';
import type { Names, SpokenFact } from './names.ts';
import { tighteningDetail } from './policy-lines.ts';
import { grantLine, requestLine } from './request-lines.ts';
import { counted, listed, sentence, strong, utcTime, type FormatTime, type Mark, type Sentence } from './sentence.ts';

/** Everything beside the fact that a line is made of. */
interface Around {
  readonly names: Names;
  readonly time: FormatTime;
  readonly actor: Actor;
  /** When the fact was decided, epoch milliseconds. */
  readonly at: number;
}

/**
 * The one sentence of a fact, for screens, mail and exports (S1-19, S1-21): who did what, names before ids. The reason
 * that a staff member gave stands in it word for word. A fact that this version doesn't know gets a line that says so.
 */
export function sentenceFor(fact: SpokenFact, names: Names, time: FormatTime = utcTime): Sentence {
  const known = recognise(fact);
  if (!known) return sentence('dot', [`A line that this version can’t read (${fact.type})`]);
  const { actor, time: at } = fact.metadata;
  return lineOf(known, { names, time, actor, at: fromInstant(at) });
}

/** The mark of a kind of fact, without a sentence; what is unknown is a dot. */
export function markOf(type: string): Mark {
  return MARKS[type as DomainFact['type']] ?? 'dot';
}

const MARKS: Readonly<Record<DomainFact['type'], Mark>> = {
  WorkspaceRegistered: 'dot',
  WorkspaceClosed: 'dot',
  MemberRoleChanged: 'dot',
  CaseOpened: 'dot',
  CaseClosed: 'dot',
  CaseMerged: 'dot',
  CaseReassigned: 'dot',
  PlanChanged: 'dot',
  StaffAccessEnabled: 'dot',
  StaffAccessDisabled: 'dot',
  WorkspacePolicyTightened: 'dot',
  LogExported: 'dot',
  AccessRequested: 'asked',
  InformationAsked: 'asked',
  InformationGiven: 'asked',
  FirstApprovalGiven: 'approved',
  AccessApproved: 'approved',
  AccessDeclined: 'refused',
  AccessWithdrawn: 'dot',
  AccessLapsed: 'dot',
  ScopeConfirmed: 'approved',
  GrantLapsed: 'dot',
  ActionAuthorised: 'changed',
  ActionReported: 'changed',
  FieldRevealed: 'viewed',
  SessionStarted: 'in',
  SessionEntered: 'dot',
  AreaEntered: 'dot',
  PageViewed: 'viewed',
  PresenceConfirmed: 'dot',
  SessionEnded: 'out',
  StaffEnabled: 'dot',
  StaffDisabled: 'dot',
  StaffSeatTaken: 'dot',
  StaffSeatReleased: 'dot',
  PolicyChanged: 'dot',
  CatalogueChanged: 'dot',
  AttemptDenied: 'refused',
  DenialsReviewed: 'dot',
};

function lineOf(fact: DomainFact, around: Around): Sentence {
  switch (fact.type) {
    case 'WorkspaceRegistered':
    case 'WorkspaceClosed':
    case 'MemberRoleChanged':
    case 'CaseOpened':
    case 'CaseClosed':
    case 'CaseMerged':
    case 'CaseReassigned':
    case 'PlanChanged':
      return workspaceLine(fact, around);
    case 'StaffAccessEnabled':
    case 'StaffAccessDisabled':
      return staffAccessLine(fact, around);
    case 'AccessRequested':
    case 'InformationAsked':
    case 'InformationGiven':
    case 'FirstApprovalGiven':
    case 'AccessApproved':
    case 'AccessDeclined':
    case 'AccessWithdrawn':
    case 'AccessLapsed': {
      const { pieces, detail } = requestLine(fact, calling(around));
      return line(fact, pieces, detail);
    }
    case 'ScopeConfirmed':
    case 'GrantLapsed':
    case 'ActionAuthorised':
    case 'ActionReported':
    case 'FieldRevealed': {
      const who = 'sessionId' in fact.data ? visitorOf(fact.data.sessionId, around.names) : '';
      const { pieces, detail } = grantLine(fact, who, calling(around));
      return line(fact, pieces, detail);
    }
    case 'LogExported': {
      const who = fact.data.personal?.name ?? memberCalled(fact.data.memberId, around.names);
      const { pieces, detail } = exportLine(fact, who, around.time);
      return line(fact, pieces, detail);
    }
    case 'WorkspacePolicyTightened':
      return line(
        fact,
        [
          fact.data.personal?.name ?? memberCalled(fact.data.memberId, around.names),
          ' ',
          strong('changed the workspace’s own settings'),
        ],
        tighteningDetail(fact),
      );
    case 'SessionStarted':
    case 'SessionEntered':
    case 'AreaEntered':
    case 'PageViewed':
    case 'PresenceConfirmed':
    case 'SessionEnded':
      return sessionLine(fact, around);
    case 'StaffEnabled':
    case 'StaffDisabled':
    case 'StaffSeatTaken':
    case 'StaffSeatReleased':
      return staffLine(fact, around);
    case 'PolicyChanged':
      return line(
        fact,
        ['The settings ', strong('were changed')],
        `They began from the preset “${fact.data.policy.preset}”.`,
      );
    case 'CatalogueChanged': {
      const { pages, actions, fields, jobs } = fact.data.catalogue;
      const size = [
        counted(Object.keys(pages).length, 'page'),
        counted(Object.keys(actions).length, 'action'),
        counted(Object.keys(fields).length, 'field'),
        counted(Object.keys(jobs).length, 'job'),
      ];
      return line(fact, ['The catalogue ', strong('was changed')], `It declares ${listed(size)}.`);
    }
    case 'AttemptDenied':
      return denialLine(fact, around);
    case 'DenialsReviewed':
      return reviewLine(fact, around);
  }
}

function line(fact: DomainFact, pieces: Parameters<typeof sentence>[1], detail?: string): Sentence {
  return sentence(MARKS[fact.type], pieces, detail);
}

function workspaceLine(fact: WorkspaceFact, { names }: Around): Sentence {
  switch (fact.type) {
    case 'WorkspaceRegistered':
      return line(fact, [fact.data.name, ' ', strong('was registered')]);
    case 'WorkspaceClosed':
      return line(fact, [names.workspaces.get(fact.data.workspaceId) ?? 'The workspace', ' ', strong('was closed')]);
    case 'MemberRoleChanged': {
      const { memberId, role, billingContact = false, personal } = fact.data;
      const who = personal?.name ?? memberCalled(memberId, names);
      if (role === null) return line(fact, [who, ' ', strong('is no longer a member')]);
      const bills = billingContact ? ', and the contact for bills' : '';
      return line(fact, [who, ' ', strong('is now'), ` ${article(role)}${bills}`]);
    }
    case 'CaseOpened': {
      const { caseRef, personal } = fact.data;
      return line(fact, [caseRef, ' ', strong('was opened'), personal ? `: “${personal.title}”` : '']);
    }
    case 'CaseClosed': {
      const { caseRef, graceMinutes } = fact.data;
      const grace = `A visit for it ends within ${counted(graceMinutes, 'minute')}.`;
      return line(fact, [caseRef, ' ', strong('was closed')], graceMinutes > 0 ? grace : undefined);
    }
    case 'CaseMerged': {
      const { caseRef, intoCaseRef } = fact.data;
      return line(
        fact,
        [caseRef, ' ', strong('was merged'), ` into ${intoCaseRef}`],
        `What was for ${caseRef} is for ${intoCaseRef} from now on.`,
      );
    }
    case 'CaseReassigned': {
      const { caseRef, staffId } = fact.data;
      const [whose, others] = staffId === null ? ['nobody', 'anybody'] : [staffCalled(staffId, names), 'anybody else'];
      const detail = `A visit for it by ${others} has ended.`;
      return line(fact, [caseRef, ' ', strong('belongs to'), ` ${whose} now`], detail);
    }
    case 'PlanChanged':
      return line(fact, ['The plan ', strong('is now'), ` ${fact.data.plan}`]);
  }
}

function detailOf(sentences: readonly (string | undefined)[]): string | undefined {
  const said = sentences.filter((sentence) => sentence !== undefined);
  return said.length === 0 ? undefined : said.join(' ');
}

function staffAccessLine(fact: StaffAccessFact, { names, time }: Around): Sentence {
  switch (fact.type) {
    case 'StaffAccessEnabled': {
      const { until, memberId, withoutAreas, onlyCase, askEach, personal } = fact.data;
      const who = personal?.name ?? memberCalled(memberId, names);
      const only = onlyCase === null ? '' : `, for ${names.cases.get(onlyCase) ?? onlyCase} only`;
      const leftOut = withoutAreas.map((area) => names.areas.get(area) ?? area);
      return line(
        fact,
        [
          who,
          ' ',
          strong('turned staff access on'),
          ` until ${until === null ? 'it is turned off' : time(fromInstant(until))}${only}`,
        ],
        detailOf([
          askEach === true ? 'Each visit is asked for first.' : undefined,
          leftOut.length > 0 ? `Left out: ${listed(leftOut)}.` : undefined,
        ]),
      );
    }
    case 'StaffAccessDisabled': {
      const { cause, memberId, personal } = fact.data;
      if (cause === 'owner') {
        const who = personal?.name ?? (memberId === null ? 'A member' : memberCalled(memberId, names));
        return line(fact, [who, ' ', strong('turned staff access off')]);
      }
      return line(fact, ['Staff access ', strong('went off'), `: ${OFF_BECAUSE[cause]}`]);
    }
  }
}

const OFF_BECAUSE = {
  'window ended': 'its time was up',
  'no owner left': 'the workspace had no owner any more',
  'workspace closed': 'the workspace was closed',
} as const;

function calling({ names, time }: Around) {
  return {
    names,
    time,
    staffCalled: (id: string) => staffCalled(id, names),
    memberCalled: (id: string) => memberCalled(id, names),
  };
}

/** Who is in a visit. */
function visitorOf(sessionId: string, names: Names): string {
  const session = names.sessions.get(sessionId);
  return session ? (session.staffName ?? staffCalled(session.staffId, names)) : 'A staff member';
}

function sessionLine(fact: SessionFact, { names, at }: Around): Sentence {
  const { sessionId } = fact.data;
  const session = names.sessions.get(sessionId);
  const who = visitorOf(sessionId, names);
  switch (fact.type) {
    case 'SessionStarted': {
      const { staffId, caseRef, plannedEnd, approvedBy, action, personal } = fact.data;
      const minutes = counted(minutesBetween(at, fromInstant(plannedEnd)), 'minute');
      const task = action ? `to ${action.label}` : 'to look';
      return line(
        fact,
        [
          personal?.staffName ?? staffCalled(staffId, names),
          ' ',
          strong('came in'),
          ` for ${caseRef} ${task}, for up to ${minutes}`,
          personal ? `: “${personal.reason}”` : '',
        ],
        letInBy(approvedBy, personal?.approverName ?? null, names),
      );
    }
    case 'SessionEntered':
      return line(fact, [who, ' ', strong('arrived'), ' in the workspace']);
    case 'AreaEntered':
      return line(fact, [who, ' ', strong('moved'), ` to ${fact.data.label}`]);
    case 'PageViewed': {
      const { label, masked, personal } = fact.data;
      return line(fact, [who, ' ', strong('viewed'), ` ${personal?.title ?? label}`], maskedDetail(masked));
    }
    case 'PresenceConfirmed':
      return line(fact, [who, ' ', strong('pressed Stay')]);
    case 'SessionEnded': {
      const { cause, at: endedAt } = fact.data;
      const spent = session && `after ${minutesSpent(session, fromInstant(endedAt))}`;
      if (cause === 'exited') return line(fact, [who, ' ', strong('left'), spent ? `, ${spent}` : '']);
      return line(
        fact,
        [`${who}’s visit `, strong('ended'), `: ${ENDED_BECAUSE[cause]}`],
        spent && `It ended ${spent}.`,
      );
    }
  }
}

/** Who let a staff member in, as a sentence. */
function letInBy(
  by: Extract<SessionFact, { type: 'SessionStarted' }>['data']['approvedBy'],
  name: string | null,
  names: Names,
): string {
  switch (by.kind) {
    case 'switch':
      return `${name ?? memberCalled(by.memberId, names)} had turned staff access on.`;
    case 'member':
      return `${name ?? memberCalled(by.memberId, names)} had approved it.`;
    case 'staff':
      return `${name ?? staffCalled(by.staffId, names)} had approved it.`;
    case 'policy':
      return 'The settings ask for no approval of such a visit.';
  }
}

const ENDED_BECAUSE: Readonly<Record<Exclude<EndCause, 'exited'>, string>> = {
  idle: 'nobody had used it for a while',
  'reached its cap': 'its time was up',
  'window ended': 'the time of staff access was up',
  revoked: 'staff access was turned off',
  'ended by owner': 'the customer ended it',
  'scope changed': 'another began with another scope',
  'case closed': 'its case was closed',
  'case reassigned': 'its case belongs to somebody else now',
  'staff disabled': 'the staff member may no longer visit',
  'workspace closed': 'the workspace was closed',
  'too fast': 'more was opened than a visit’s budget allows',
};

const MASKED: Readonly<Record<MaskKind, string>> = {
  email: 'e-mail addresses',
  last2: 'tokens',
  last4: 'card numbers',
  secret: 'secrets',
  'personal-id': 'identity numbers',
  phone: 'phone numbers',
  hidden: 'hidden fields',
};

function maskedDetail(masked: readonly MaskKind[]): string | undefined {
  if (masked.length === 0) return undefined;
  const kinds = listed(masked.map((kind) => MASKED[kind]));
  return `Masked: ${kinds}.`;
}

function minutesBetween(from: number, to: number): number {
  return Math.max(Math.round((to - from) / 60_000), 0);
}

/** "15 of 60 minutes": whole minutes, a begun one not counted. */
function minutesSpent({ startedAt, plannedEnd }: { startedAt: number; plannedEnd: number }, end: number): string {
  const spent = Math.max(Math.floor((end - startedAt) / 60_000), 0);
  return `${spent} of ${counted(minutesBetween(startedAt, plannedEnd), 'minute')}`;
}

function staffLine(fact: StaffFact, { names, time }: Around): Sentence {
  const { staffId } = fact.data;
  const who = staffCalled(staffId, names);
  switch (fact.type) {
    case 'StaffEnabled': {
      const { roles, personal } = fact.data;
      const as = roles.length > 0 ? ` as ${listed(roles)}` : ', with no role';
      return line(fact, [personal?.name ?? who, ' ', strong('was enabled'), as]);
    }
    case 'StaffDisabled':
      return line(fact, [who, ' ', strong('was disabled')]);
    case 'StaffSeatTaken': {
      const { workspaceId, until } = fact.data;
      const where = names.workspaces.get(workspaceId) ?? 'a workspace';
      return line(fact, [
        who,
        ' ',
        strong('took the seat'),
        ` for a visit to ${where} until ${time(fromInstant(until))}`,
      ]);
    }
    case 'StaffSeatReleased':
      return line(fact, [who, ' ', strong('gave the seat back')]);
  }
}

function denialLine(fact: DenialFact, { names, time, actor }: Around): Sentence {
  const { attempt, because, instead, count, since, personal } = fact.data;
  const times = count > 1 ? ` ${count} times since ${time(fromInstant(since))}` : '';
  return line(
    fact,
    [strong('Refused:'), ` ${personal?.name ?? actorCalled(actor, names)} tried to ${attempt.label}${times}`],
    instead === null ? because : `${/[.!?]$/.test(because) ? because : `${because}.`} ${instead}`,
  );
}

const VERDICTS: Readonly<Record<ReviewFact['data']['verdict'], string>> = {
  'permissions to mend': 'permissions are to be mended',
  'somebody to help': 'somebody needs help',
  probing: 'somebody was probing',
  'no concern': 'no concern',
};

function reviewLine(fact: ReviewFact, { names }: Around): Sentence {
  const { by, personId, rule, verdict, personal } = fact.data;
  const whom = names.people.get(personId) ?? personId;
  return line(
    fact,
    [
      personal?.name ?? staffCalled(by, names),
      ' ',
      strong('reviewed'),
      ` what ${whom} was refused (${rule}): ${VERDICTS[verdict]}`,
    ],
    personal?.note ?? undefined,
  );
}

/** What somebody is called: their name, or what they are with their pseudonymous id. */
export function actorCalled(actor: Actor, names: Names): string {
  switch (actor.kind) {
    case 'staff':
      return staffCalled(actor.id, names);
    case 'member':
      return memberCalled(actor.id, names);
    case 'product':
      return 'The product';
    case 'operator':
      return 'An operator';
    case 'system':
      return 'Gatebook';
  }
}

function staffCalled(id: string, names: Names): string {
  return names.people.get(id) ?? `Staff member ${id}`;
}

function memberCalled(id: string, names: Names): string {
  return names.people.get(id) ?? `Member ${id}`;
}
