import type { KnobValue } from '#domain/policy/knobs';
import type { Names, SpokenFact } from './names.ts';

/** How much of a staff member's identity the customer reads, by the policy. */
export type IdentityShown = KnobValue<'identityShown'>;

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

/** "Support 4F2A1C": the same person is always the same one, by nothing but their pseudonymous id (S2-27). */
function supportNumber(staffId: string): string {
  let hash = 0x811c9dc5;
  for (const char of staffId) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193) >>> 0;
  return `Support ${hash.toString(16).padStart(8, '0').slice(0, 6).toUpperCase()}`;
}

/** A fact as the customer reads it: with no more of the vendor's people in it than the policy shows. */
export function factAs<Fact extends SpokenFact>(shown: IdentityShown, fact: Fact): Fact {
  if (shown === 'name and e-mail' || !isRecord(fact.data)) return fact;
  return { ...fact, data: withoutIdentity(shown, fact.data) };
}

function withoutIdentity(shown: IdentityShown, data: Readonly<Record<string, unknown>>): Record<string, unknown> {
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
    known['approverName'] = identityAs(shown, approver['staffId'], { name: null, email: null }).name;
  }
  return { ...data, personal: known };
}

/** The names that later lines use, as the customer reads them. */
export function namesAs(shown: IdentityShown, names: Names): Names {
  if (shown === 'name and e-mail' || shown === 'name') return names;
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
