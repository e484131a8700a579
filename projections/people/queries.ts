import { namelessFirst } from '../runner/paging.ts';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import type { people } from './table.ts';

export interface KnownPerson {
  readonly id: string;
  readonly kind: string;
  /** `null`: never told, or erased. */
  readonly name: string | null;
  readonly email: string | null;
  readonly issuer: string | null;
  readonly subject: string | null;
}

export interface KnownStaffMember extends KnownPerson {
  readonly enabled: boolean;
  readonly roles: readonly string[];
}

/** People by id; an id that nobody told of is left out. */
export function peopleByIds(tables: TablesReader, ids: readonly string[]): Promise<readonly KnownPerson[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return tables.read(async (db) => {
    const rows = await db
      .selectFrom('people')
      .selectAll()
      .where('id', 'in', [...new Set(ids)])
      .orderBy('id')
      .execute();
    return rows.map(person);
  });
}

/** Every staff member that the vendor's directory told of, disabled ones too, by name. */
export function staffMembers(tables: TablesReader): Promise<readonly KnownStaffMember[]> {
  return tables.read(async (db) => {
    const staff = db.selectFrom('people').selectAll().where('kind', '=', 'staff').where('enabled', 'is not', null);
    return (await staff.orderBy('name', namelessFirst).orderBy('id').execute()).map(staffMember);
  });
}

/** The staff member who signs in so. */
export function staffMemberWho(
  tables: TablesReader,
  issuer: string,
  subject: string,
): Promise<KnownStaffMember | undefined> {
  return tables.read(async (db) => {
    const row = await db
      .selectFrom('people')
      .selectAll()
      .where('issuer', '=', issuer)
      .where('subject', '=', subject)
      .where('kind', '=', 'staff')
      .orderBy('id')
      .executeTakeFirst();
    return row && staffMember(row);
  });
}

function person({ id, kind, name, email, issuer, subject }: RowOf<typeof people>): KnownPerson {
  return { id, kind, name, email, issuer, subject };
}

function staffMember(row: RowOf<typeof people>): KnownStaffMember {
  return { ...person(row), enabled: row.enabled === 1, roles: JSON.parse(row.roles ?? '[]') as string[] };
}
