import { MEMBER_ROLES, STAFF_ROLES, type MemberRole, type StaffRole } from '@gatebook/protocol';
import { defaultPolicy } from '#domain/policy/policy';
import { memberIdOf, staffIdOf } from '../../../desk/identity.ts';
import { PERMISSIONS, type Permission, type PermissionName } from '../permissions.ts';
import { playDoor, type Answer, type PersonName, type PlayedDoor } from './played-door.ts';

/** What of Acme's an id stands for. */
export const KINDS = ['workspace', 'session', 'line', 'denial', 'staff'] as const;
export type Kind = (typeof KINDS)[number];

/** Somebody who is not of Acme, as far as members go; of staff one for each role alone. */
export interface Outsider {
  readonly name: string;
  readonly staffRoles: readonly StaffRole[];
  readonly token: string;
}

/** Acme with a visit that goes on and a refusal in its book, and everybody who has nothing to do with it. */
export interface Outside {
  readonly door: PlayedDoor;
  readonly outsiders: readonly Outsider[];
  /** Ids of Acme's. */
  readonly foreign: Readonly<Record<Kind, string>>;
  send(who: Outsider, query: string, variables?: object): Promise<Answer>;
}

/** Names, reasons and mail addresses that only Acme's own may read. */
export const SECRETS = [
  'Acme Co',
  'Sam Example',
  'sam@fernway.test',
  'Failed invoice sync since Tuesday',
  'Owner Example',
];

const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };

export async function playOutside(): Promise<Outside> {
  const door = await playDoor();
  const foreign = await visitAcme(door);
  const outsiders = await tellOutsiders(door);
  await door.caughtUp();
  return {
    door,
    outsiders,
    foreign,
    send: ({ token }, query, variables = {}) =>
      door.post(JSON.stringify({ query, variables }), {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
      }),
  };
}

/** Of the same shape, and nobody's. */
export function missing(id: string): string {
  const [prefix] = id.split('_');
  return id.includes('_') ? `${prefix}_${'0'.repeat(25)}1` : `00000000-0000-7000-8000-000000000001`;
}

/**
 * Whether an id of this kind is no foreign one to a staff member at this place: by the table of permissions their role
 * opens it in every workspace.
 */
export function isOpenTo({ staffRoles }: Outsider, operation: string, place: readonly string[], kind: Kind): boolean {
  const mayVisit: readonly string[] = defaultPolicy.session.mayVisit;
  const has = {
    visitor: staffRoles.some((role) => mayVisit.includes(role)),
    reviewer: staffRoles.includes('reviewer'),
    approver: staffRoles.some((role) => (defaultPolicy.approval.vendor as readonly string[]).includes(role)),
  };
  const may = (name: PermissionName) => {
    const { staff }: Permission = PERMISSIONS[name];
    return typeof staff !== 'string' && staff.some((needed) => has[needed]);
  };
  switch (operation) {
    case 'node':
      return kind !== 'staff' && may(kind === 'workspace' ? 'workspace' : 'visitLog');
    case 'myVisitLog':
      // A staff member's own, and nobody else's.
      return false;
    case 'accessRevoked':
      return kind === 'session' && may('sessionChanged');
    case 'visits':
      // Of every workspace, to whom it is open at all.
      return place.includes(kind) && may('visits');
    case 'requestAccess':
    case 'startSession':
      // Any case of any workspace is one that support may be asked about; the owner's switch decides.
      return kind === 'workspace' && place.at(-1) === 'workspaceId' && staffRoles.length > 0;
    default:
      return kind === 'workspace' && !place.includes('filter') && may(operation as PermissionName);
  }
}

async function visitAcme(door: PlayedDoor): Promise<Outside['foreign']> {
  const ok = async (who: PersonName, name: string, selection: string, input: object) => {
    const Name = name.charAt(0).toUpperCase() + name.slice(1);
    const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${selection} userErrors { code } } }`;
    const { body } = await door.send(who, document, {
      input: { commandId: door.commandId(), workspaceId: door.acme, ...input },
    });
    return body.data[name] as { readonly session?: { readonly id: string }; readonly userErrors: readonly unknown[] };
  };
  await ok('owner', 'enableStaffAccess', 'position', {});
  const reason = { caseRef: 'CASE-123', reason: 'Failed invoice sync since Tuesday' };
  const { session } = await ok('sam', 'startSession', 'session { id }', reason);
  // A refusal in Acme's book, so that there is one to find.
  await ok('manager', 'disableStaffAccess', 'position', {});
  await door.caughtUp();
  const read =
    'query ($id: ID!) { visitLog(workspaceId: $id, first: 1) { nodes { id } } denials(workspaceId: $id) { nodes { id } } }';
  const { visitLog, denials } = (await door.send('owner', read, { id: door.acme })).body.data;
  if (!session) throw new Error('The visit did not start.');
  return {
    workspace: door.acme,
    session: session.id,
    line: visitLog.nodes[0].id,
    denial: denials.nodes[0].id,
    staff: door.staffId('sam'),
  };
}

/** Every role at Birch, who left Acme, who is nowhere a member, every staff role, who isn't enabled. */
async function tellOutsiders(door: PlayedDoor): Promise<Outsider[]> {
  const { members, staff } = door.issuers;
  const tell = async (subject: string, workspaceId: typeof door.acme, role: MemberRole | null) => {
    const memberId = memberIdOf(workspaceId, subject);
    const person = { issuer: members.issuer, subject, name: called(subject), email: `${subject}@example.test` };
    await door.desk.handle(
      workspaceId,
      { type: 'ChangeMemberRole', memberId, externalId: subject, ...person, role },
      PRODUCT,
    );
  };
  for (const role of MEMBER_ROLES) await tell(`birch-${role}`, door.birch, role);
  await tell('former', door.acme, 'owner');
  await tell('former', door.acme, null);
  for (const role of STAFF_ROLES) {
    const subject = `only-${role}`;
    const person = { issuer: staff.issuer, subject, name: called(subject), email: `${subject}@fernway.test` };
    const staffId = staffIdOf(staff.issuer, subject);
    await door.desk.handleStaff({ type: 'EnableStaff', staffId, ...person, roles: [role] }, PRODUCT);
  }
  const of = async (realm: 'members' | 'staff', name: string, staffRoles: readonly StaffRole[] = []) => ({
    name,
    staffRoles,
    token: await door.issuers[realm].accessToken({ sub: name, name: called(name) }),
  });
  return Promise.all([
    ...MEMBER_ROLES.map((role) => of('members', `birch-${role}`)),
    of('members', 'former'),
    of('members', 'stranger'),
    ...STAFF_ROLES.map((role) => of('staff', `only-${role}`, [role])),
    of('staff', 'newcomer'),
  ]);
}

function called(subject: string): string {
  return `${subject} of another place`;
}
