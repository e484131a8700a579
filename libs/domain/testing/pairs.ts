import type { RuleCode } from '@gatebook/protocol';
import type { Book, BookFact } from '../book/book.ts';
import type { BookCommand } from '../book/decide.ts';
import type { Decision } from '../rule.ts';
import { bookOf } from './given.ts';
import {
  accessOffBy,
  accessOn,
  adam,
  approved,
  approvedFirst,
  authorised,
  case123,
  case123Closed,
  case124,
  clock,
  declined,
  ended,
  entered,
  harbour,
  instantOf,
  maria,
  outcomeUnknown,
  priya,
  questioned,
  requested,
  sam,
  samsGrant,
  samsRequest,
  samsVisit,
  SHOWN,
  staffPerson,
  started,
  startedOnGrant,
  workspaceOpen,
} from './story.ts';

/** When each command is given. */
export const AT = '10:00:30';

const OFF = [accessOffBy(maria, '10:00:20'), ended('revoked', '10:00:20')];
const inside = [...workspaceOpen, accessOn(), '10:00', started(), '10:00:10', entered(), '10:00:20'] as const;

const asking = [...workspaceOpen, accessOn(), '10:00', requested()] as const;
const insideOnGrant = [...asking, approved(), startedOnGrant(), '10:00:10', entered(), '10:00:20'] as const;

/** The states that a book can be in, as the specs of pairs see it. */
export const STATES = {
  unregistered: bookOf([]),
  'access off': bookOf(workspaceOpen),
  'access on': bookOf([...workspaceOpen, accessOn()]),
  'visit started': bookOf([...workspaceOpen, accessOn(), '10:00', started()]),
  'visit entered': bookOf(inside),
  'visit entered, case closed': bookOf([...inside, case123Closed]),
  'visit over, access off': bookOf([...inside, ...OFF]),
  'visit over, access on again': bookOf([...inside, ...OFF, accessOn()]),
  'visit exited, access on': bookOf([...inside, ended('exited', '10:00:20')]),
  'window over, not written yet': bookOf([
    ...workspaceOpen,
    accessOn({ until: instantOf('10:00:20') }),
    '10:00',
    started(),
    '10:00:10',
    entered(),
  ]),
  'visit idle, not written yet': bookOf([...workspaceOpen, accessOn(), '09:45', started(), '09:45:10', entered()]),
  'visit at its cap, not written yet': bookOf([
    ...workspaceOpen,
    accessOn(),
    '10:00',
    started({ plannedEnd: instantOf('10:00:20') }),
    '10:00:10',
    entered(),
  ]),
  'request waits': bookOf(asking),
  'request waits, information asked': bookOf([...asking, questioned]),
  'request waits for the second': bookOf([...workspaceOpen, accessOn(), requested({ asks: 'both' }), approvedFirst]),
  'request declined': bookOf([...asking, declined]),
  'request lapsed, not written yet': bookOf([
    ...workspaceOpen,
    accessOn(),
    requested({ lapsesAt: instantOf('10:00:20') }),
  ]),
  'request waits, access off': bookOf([...asking, accessOffBy(maria, '10:00:20')]),
  'grant to confirm': bookOf([...asking, approved({ change: { removed: ['open Team'], added: [], minutes: null } })]),
  'grant ready': bookOf([...asking, approved()]),
  'grant too late, not written yet': bookOf([...asking, approved({ startBy: instantOf('10:00:20') })]),
  'visit on a grant': bookOf(insideOnGrant),
  'grant spent': bookOf([...insideOnGrant, authorised()]),
  'grant spent, outcome unknown': bookOf([
    ...insideOnGrant,
    authorised({ reportBy: instantOf('10:00:29') }),
    outcomeUnknown,
  ]),
  'visit on a grant over': bookOf([...insideOnGrant, ended('exited', '10:00:20')]),
  'workspace closed': bookOf([
    ...inside,
    { type: 'WorkspaceClosed', data: { workspaceId: harbour } },
    {
      type: 'StaffAccessDisabled',
      data: { cause: 'workspace closed', at: instantOf('10:00:20'), memberId: null },
    },
    ended('workspace closed', '10:00:20'),
  ]),
  'unreadable, visit entered': { ...bookOf(inside), readable: false },
} satisfies Record<string, Book>;

/** Sam's visit, by Sam. */
export const whose = { sessionId: samsVisit, staffId: sam } as const;

/** A command of each type, by the person whom it is for. */
export const COMMANDS: { readonly [Type in BookCommand['type']]: Extract<BookCommand, { type: Type }> } = {
  TightenPolicy: { type: 'TightenPolicy', by: maria, set: { 'session.capMinutes': 30 }, cleared: [] },
  ExportLog: { type: 'ExportLog', by: maria, format: 'csv', filter: {}, search: null, lines: 3, upTo: null },
  RegisterWorkspace: {
    type: 'RegisterWorkspace',
    workspaceId: harbour,
    externalId: 'acme-1',
    product: 'prd_demo',
    name: 'Harbour Clinic',
  },
  CloseWorkspace: { type: 'CloseWorkspace', workspaceId: harbour },
  ChangeMemberRole: {
    type: 'ChangeMemberRole',
    memberId: adam.memberId,
    externalId: 'user-adam',
    issuer: adam.issuer,
    subject: adam.subject,
    name: adam.name,
    email: 'adam@harbour.example',
    role: 'viewer',
  },
  OpenCase: { type: 'OpenCase', caseId: case124, caseRef: 'CASE-124', title: 'Wrong tax rate' },
  CloseCase: { type: 'CloseCase', caseId: case123 },
  MergeCase: { type: 'MergeCase', caseId: case123, intoCaseId: case124, intoCaseRef: 'CASE-124' },
  ReassignCase: { type: 'ReassignCase', caseId: case123, caseRef: 'CASE-123', assignee: priya },
  ChangePlan: { type: 'ChangePlan', plan: 'business' },
  EnableStaffAccess: { type: 'EnableStaffAccess', by: maria, minutes: null, withoutAreas: [], onlyCase: null },
  DisableStaffAccess: { type: 'DisableStaffAccess', by: maria },
  RequestAccess: {
    type: 'RequestAccess',
    requestId: 'req_next',
    staffId: sam,
    person: staffPerson('sam'),
    kind: 'write',
    caseId: case123,
    caseRef: 'CASE-123',
    job: null,
    reason: 'Failed invoice sync since Tuesday',
    viewAs: null,
    pages: null,
    action: { name: 'invoice.retrySync', target: 'INV-88', arguments: null },
    field: null,
    extends: null,
    plannedStart: null,
    minutes: null,
  },
  AskForInformation: {
    type: 'AskForInformation',
    requestId: samsRequest,
    by: { kind: 'member', person: maria },
    question: 'Which invoice is it?',
  },
  GiveInformation: { type: 'GiveInformation', requestId: samsRequest, staffId: sam, answer: 'The one of Tuesday' },
  ApproveAccess: {
    type: 'ApproveAccess',
    requestId: samsRequest,
    by: { kind: 'member', person: maria },
    shown: SHOWN,
    granted: null,
    message: null,
  },
  DeclineAccess: {
    type: 'DeclineAccess',
    requestId: samsRequest,
    by: { kind: 'member', person: maria },
    message: null,
  },
  WithdrawAccess: { type: 'WithdrawAccess', requestId: samsRequest, staffId: sam },
  ConfirmScope: { type: 'ConfirmScope', grantId: samsGrant, staffId: sam },
  StartSession: {
    type: 'StartSession',
    sessionId: 'ses_next',
    staffId: sam,
    caseId: case123,
    caseRef: 'CASE-123',
    job: null,
    reason: 'Failed invoice sync since Tuesday',
    minutes: null,
    identityConfirmedAt: 0,
    grantId: null,
  },
  EnterSession: { type: 'EnterSession', ...whose },
  ViewPage: {
    type: 'ViewPage',
    ...whose,
    page: 'dashboard',
    record: null,
    title: null,
    input: true,
    partOf: null,
  },
  PerformAction: {
    type: 'PerformAction',
    ...whose,
    actionId: 'act_one',
    action: 'invoice.retrySync',
    record: 'INV-88',
    arguments: null,
  },
  RevealField: { type: 'RevealField', ...whose, field: 'customer.email', record: 'cus_81' },
  ReportAction: { type: 'ReportAction', sessionId: samsVisit, actionId: 'act_one', outcome: 'done', changes: [] },
  ConfirmPresence: { type: 'ConfirmPresence', ...whose },
  ContinueVisit: { type: 'ContinueVisit', ...whose },
  ExitSession: { type: 'ExitSession', ...whose },
  EndSession: { type: 'EndSession', sessionId: samsVisit, by: maria },
  RemoveStaff: { type: 'RemoveStaff', staffId: sam, disabledAt: clock('10:00:30') },
  SettleBook: { type: 'SettleBook' },
};

export type State = keyof typeof STATES;
export interface Cell {
  readonly facts: readonly BookFact['type'][];
  readonly refused?: RuleCode;
}
/** Accepted, with facts of these types. */
export const yes = (...facts: BookFact['type'][]): Cell => ({ facts });
/** Refused by this rule; with facts only where ends were due. */
export const no = (refused: RuleCode, ...facts: BookFact['type'][]): Cell => ({ facts, refused });

/** What came of a command, as a cell says it. */
export const cellOf = ({ facts, refusal }: Decision<BookFact>): Cell => {
  const types = facts.map(({ type }) => type);
  return refusal ? no(refusal.rule, ...types) : yes(...types);
};
