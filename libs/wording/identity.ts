import type { KnobValue } from '#domain/policy/knobs';
import type { Names, SpokenFact } from './names.ts';

/** How much of a staff member's identity the customer reads, by the policy. */
export type IdentityShown = KnobValue<'identityShown'>;

/** What the vendor's own people read, and the customer where the policy hides nothing. */
export const EVERYTHING: IdentityShown = 'name and e-mail';

interface Identity {
  readonly name: string | null;
  readonly email: string | null;
}

/** A staff member's name and e-mail address as the customer reads them. The vendor's log has both as they are. */
export function identityAs(shown: IdentityShown, staffId: string, { name, email }: Identity): Identity {
  switch (shown) {
    case 'name and e-mail':
      return { name, email };
    case 'name':
      return { name, email: null };
    case 'support identity':
      return { name: supportNumber(staffId), email: null };
    case 'vendor log only':
      return { name: 'Support', email: null };
  }
}

/** Anybody by their id, as the customer reads them: the customer's own people, and Gatebook itself, as they are. */
export function personAs<Person extends { readonly id: string; readonly name: string | null }>(
  shown: IdentityShown,
  person: Person,
): Person {
  if (shown === EVERYTHING || !isStaff(person.id)) return person;
  const { name, email } = identityAs(shown, person.id, { email: null, ...person });
  return { ...person, name, ...('email' in person && { email }) };
}

/** "Support 4F2A1C": the same person is always the same one, by nothing but their pseudonymous id (S2-27). */
function supportNumber(staffId: string): string {
  let hash = 0x811c9dc5;
  for (const char of staffId) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return `Support ${hash.toString(16).padStart(8, '0').slice(0, 6).toUpperCase()}`;
}

/** A fact as the customer reads it: with no more of the vendor's people in it than the policy shows. */
export function factAs<Fact extends SpokenFact>(shown: IdentityShown, fact: Fact): Fact {
  if (shown === EVERYTHING || !isRecord(fact.data)) return fact;
  return { ...fact, data: withoutIdentity(shown, fact.data) };
}

function withoutIdentity(shown: IdentityShown, told: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const data = withoutSignIn(told);
  const { personal } = data;
  if (!isRecord(personal)) return data;
  const staffId = isStaff(personal['subject']) ? personal['subject'] : undefined;
  const known = { ...personal };
  const show = (name: string, email: string, of: string) => {
    const identity = identityAs(shown, of, { name: textOf(personal[name]), email: textOf(personal[email]) });
    if (name in known) known[name] = identity.name;
    // Empty, and not missing: a line without it can't be read as what it is.
    if (email in known) known[email] = identity.email ?? '';
  };
  if (staffId !== undefined) {
    show('staffName', 'staffEmail', staffId);
    show('name', 'email', staffId);
  }
  const approver = data['approvedBy'];
  if (isRecord(approver) && isStaff(approver['staffId']) && 'approverName' in known) {
    const name = textOf(personal['approverName']);
    known['approverName'] = identityAs(shown, approver['staffId'], { name, email: null }).name;
  }
  return { ...data, personal: known };
}

/** An identity provider may know its people by their addresses: whose sign-in it was is said by our own id. */
function withoutSignIn(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { person, staffId } = data;
  return isRecord(person) && isStaff(staffId) ? { ...data, person: { issuer: '', subject: staffId } } : data;
}

/** The names that later lines use, as the customer reads them. */
export function namesAs(shown: IdentityShown, names: Names): Names {
  if (shown === EVERYTHING || shown === 'name') return names;
  const called = (staffId: string) => identityAs(shown, staffId, { name: null, email: null }).name;
  return {
    ...names,
    people: new Map([...names.people].map(([id, name]) => [id, isStaff(id) ? (called(id) ?? name) : name])),
    sessions: new Map(
      [...names.sessions].map(([id, session]) => [id, { ...session, staffName: called(session.staffId) }]),
    ),
    requests: new Map(
      [...names.requests].map(([id, request]) => [id, { ...request, staffName: called(request.staffId) }]),
    ),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function isStaff(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('stf_');
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
