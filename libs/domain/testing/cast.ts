import type { CaseId, MemberId, MemberRole, StaffId, StaffRole } from '@gatebook/protocol';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { BookFact } from '../book/book.ts';
import type { Person } from '../book/context.ts';
import { adam, case123, case124, catalogue as ofStory, maria, staffPerson, stranger, vic } from './story.ts';

/** Who plays in the random days: people with a second role, and with an address in common. */
export type StaffName = 'sam' | 'priya' | 'lena' | 'mara' | 'kim';
export type MemberName = 'maria' | 'adam' | 'vic' | 'twin' | 'double';
export type By = MemberName | 'stranger';
export type Decider = By | StaffName;
export type Role = 'owner' | 'admin' | 'viewer' | null;
export type CaseName = '123' | '124';

export const STAFF: Readonly<Record<StaffName, { readonly roles: readonly StaffRole[]; readonly email: string }>> = {
  sam: { roles: ['agent'], email: 'sam@vendor.example' },
  /** Visits, and decides for the vendor. */
  priya: { roles: ['agent', 'lead'], email: 'priya@vendor.example' },
  lena: { roles: ['lead'], email: 'lena@vendor.example' },
  /** Decides for the vendor, and is Maria: the address says so. */
  mara: { roles: ['lead'], email: 'Maria@harbour.example' },
  kim: { roles: ['reviewer'], email: 'kim@vendor.example' },
};
const CASES: Readonly<Record<CaseName, CaseId>> = { '123': case123, '124': case124 };
/** A case as a command names it; `null`: none. */
export const namedCase = (name: CaseName | null) =>
  name === null ? { caseId: null, caseRef: null } : { caseId: CASES[name], caseRef: `CASE-${name}` };
export const caseIdOf = (name: CaseName): CaseId => CASES[name];
export const idOf = (name: StaffName): StaffId => `stf_${name}`;

export const STAFF_NAMES = Object.keys(STAFF) as readonly StaffName[];

export interface CastMember extends Person {
  readonly memberId: MemberId;
  readonly name: string;
  readonly email: string;
  readonly role: MemberRole & Role;
}

const ofHarbour = ({ memberId, issuer, subject, name }: typeof maria, role: CastMember['role']): CastMember => ({
  memberId,
  issuer,
  subject,
  name,
  role,
  email: `${subject}@harbour.example`,
});

export const MEMBERS: Readonly<Record<MemberName, CastMember>> = {
  maria: ofHarbour(maria, 'owner'),
  adam: ofHarbour(adam, 'admin'),
  vic: ofHarbour(vic, 'viewer'),
  /** Sam, with the same sign-in, as an admin of the workspace. */
  twin: { memberId: 'mem_twin', ...staffPerson('sam'), name: 'Sam Reed', email: 'sam@harbour.example', role: 'admin' },
  /** Sam again, by another sign-in, with the same address. */
  double: {
    memberId: 'mem_double',
    issuer: maria.issuer,
    subject: 'double',
    name: 'S. Reed',
    email: 'SAM@vendor.example',
    role: 'admin',
  },
};

export const personOf = (by: By): Person => (by === 'stranger' ? stranger : MEMBERS[by]);

export function isStaffName(name: Decider): name is StaffName {
  return Object.hasOwn(STAFF, name);
}

/** The second roles, as members. */
export const secondRoles: readonly BookFact[] = (['twin', 'double'] as const).map((name) => {
  const { memberId, issuer, subject, role, email, name: shown } = MEMBERS[name];
  return {
    type: 'MemberRoleChanged',
    data: {
      memberId,
      externalId: `user-${name}`,
      person: { issuer, subject },
      role,
      personal: { subject: memberId, name: shown, email },
    },
  };
});

/** The story's catalogue, with a deed that two approve, one that moves data out, and a field that nobody sees. */
export const catalogue: Catalogue = {
  ...ofStory,
  actions: {
    ...ofStory.actions,
    'customer.delete': {
      label: 'delete customer {target}',
      class: 'restricted',
      target: 'customer',
      effects: ['delete'],
    },
    'report.export': { label: 'export the report', class: 'change', effects: ['export'] },
  },
  fields: { ...ofStory.fields, 'user.password': { mask: 'secret' }, 'customer.note': { mask: 'none' } },
};
