import * as v from 'valibot';
import { MEMBER_ROLES, STAFF_ROLES, type MemberRole, type StaffRole } from '@gatebook/protocol';

/** Members of customers' workspaces and staff of the vendor come from separate issuers (threats T4). */
export type Realm = 'members' | 'staff';
export const REALMS: readonly Realm[] = ['members', 'staff'];

export interface MemberPerson {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  /** What the sign-in page groups by: the workspace's name. */
  readonly workspace: string;
  readonly role: MemberRole;
}

export interface StaffPerson {
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  readonly roles: readonly StaffRole[];
}

/** Who can be picked on the built-in sign-in pages: the shape of `people.json`. */
export interface People {
  readonly members: readonly MemberPerson[];
  readonly staff: readonly StaffPerson[];
}

/** `people.json` can't be used; `problems` has one sentence for each fault. */
export class PeopleInvalid extends Error {
  override readonly name = 'PeopleInvalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`The list of people can't be used. ${problems.join(' ')}`);
    this.problems = problems;
  }
}

const subject = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be 1 to 64 letters, digits, "_", "." or "-"'),
);
const shown = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1, 'must not be empty'),
  v.maxLength(200, 'must be at most 200 characters'),
);
const email = v.pipe(v.string(), v.email('must be an e-mail address'), v.maxLength(254));

const peopleSchema = v.strictObject({
  members: v.array(
    v.strictObject({ sub: subject, name: shown, email, workspace: shown, role: v.picklist(MEMBER_ROLES) }),
  ),
  staff: v.array(v.strictObject({ sub: subject, name: shown, email, roles: v.array(v.picklist(STAFF_ROLES)) })),
});

/**
 * People from parsed JSON.
 *
 * @throws {PeopleInvalid} a field is missing, unknown or malformed, or one realm has a subject or an e-mail address
 * twice: a sign-in belongs to one person (threats T7).
 */
export function parsePeople(input: unknown): People {
  const parsed = v.safeParse(peopleSchema, input);
  if (!parsed.success) {
    throw new PeopleInvalid(parsed.issues.map((issue) => `${v.getDotPath(issue) ?? 'The list'}: ${issue.message}.`));
  }
  const problems = REALMS.flatMap((realm) =>
    (['sub', 'email'] as const).flatMap((key) => {
      const seen = new Set<string>();
      return parsed.output[realm].flatMap((person) => {
        const value = person[key].toLowerCase();
        if (seen.has(value)) return [`${realm}: "${person[key]}" stands there twice.`];
        seen.add(value);
        return [];
      });
    }),
  );
  if (problems.length > 0) throw new PeopleInvalid(problems);
  return parsed.output;
}
