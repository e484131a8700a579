import { namelessFirst } from '../runner/paging.ts';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import type { cases, members, workspaces } from './table.ts';

export interface KnownWorkspace {
  readonly id: string;
  readonly product: string;
  /** The product's own id. */
  readonly externalId: string;
  readonly name: string;
  readonly phase: 'open' | 'closed';
  /** As the product calls it; `null`: never told. */
  readonly plan: string | null;
}

export interface KnownMember {
  readonly id: string;
  readonly workspaceId: string;
  readonly externalId: string;
  readonly issuer: string;
  readonly subject: string;
  readonly role: string;
  /** The contact for bills. */
  readonly isBillingContact: boolean;
  readonly name: string | null;
  readonly email: string | null;
}

export interface KnownCase {
  readonly id: string;
  readonly workspaceId: string;
  readonly ref: string;
  readonly title: string | null;
  readonly phase: 'open' | 'closed';
  /** Epoch milliseconds, as the ones below. */
  readonly openedAt: number | null;
  readonly closedAt: number | null;
  /** When visits for it end, once it is closed. */
  readonly graceEnds: number | null;
  /** The staff member whose it is; `null`: nobody’s, or nobody told. */
  readonly assignee: string | null;
}

/** Every workspace, by name. */
export function allWorkspaces(tables: TablesReader): Promise<readonly KnownWorkspace[]> {
  return tables.read(async (db) => {
    const rows = await db.selectFrom('workspaces').selectAll().orderBy('name').orderBy('id').execute();
    return rows.map(workspace);
  });
}

export function workspaceById(tables: TablesReader, id: string): Promise<KnownWorkspace | undefined> {
  return tables.read(async (db) => {
    const row = await db.selectFrom('workspaces').selectAll().where('id', '=', id).executeTakeFirst();
    return row && workspace(row);
  });
}

export function workspaceByExternalId(
  tables: TablesReader,
  product: string,
  externalId: string,
): Promise<KnownWorkspace | undefined> {
  return tables.read(async (db) => {
    const all = db.selectFrom('workspaces').selectAll().where('product', '=', product);
    const row = await all.where('external_id', '=', externalId).orderBy('id').executeTakeFirst();
    return row && workspace(row);
  });
}

/** Where a verified person is a member today, by the workspace's name. */
export function membershipsOf(
  tables: TablesReader,
  issuer: string,
  subject: string,
): Promise<readonly { readonly workspace: KnownWorkspace; readonly member: KnownMember }[]> {
  return tables.read(async (db) => {
    const theirs = db.selectFrom('members').selectAll().where('issuer', '=', issuer).where('subject', '=', subject);
    const rows = await theirs.orderBy('id').execute();
    if (rows.length === 0) return [];
    const ids = rows.map(({ workspace_id }) => workspace_id);
    const found = await db.selectFrom('workspaces').selectAll().where('id', 'in', ids).execute();
    const byId = new Map(found.map((row) => [row.id, workspace(row)]));
    return rows
      .flatMap((row) => {
        const its = byId.get(row.workspace_id);
        return its ? [{ workspace: its, member: member(row) }] : [];
      })
      .toSorted((a, b) => (a.workspace.name < b.workspace.name ? -1 : a.workspace.name > b.workspace.name ? 1 : 0));
  });
}

/** The member that a verified person is in a workspace today. */
export function memberWho(
  tables: TablesReader,
  workspaceId: string,
  issuer: string,
  subject: string,
): Promise<KnownMember | undefined> {
  return tables.read(async (db) => {
    const theirs = db.selectFrom('members').selectAll().where('issuer', '=', issuer).where('subject', '=', subject);
    const row = await theirs.where('workspace_id', '=', workspaceId).orderBy('id').executeTakeFirst();
    return row && member(row);
  });
}

/** Today's members of a workspace, by name. */
export function membersOf(tables: TablesReader, workspaceId: string): Promise<readonly KnownMember[]> {
  return tables.read(async (db) => {
    const all = db.selectFrom('members').selectAll().where('workspace_id', '=', workspaceId);
    return (await all.orderBy('name', namelessFirst).orderBy('id').execute()).map(member);
  });
}

/** A workspace's cases, by the help desk's id. */
export function casesOf(tables: TablesReader, workspaceId: string): Promise<readonly KnownCase[]> {
  return tables.read(async (db) => {
    const all = db.selectFrom('cases').selectAll().where('workspace_id', '=', workspaceId);
    return (await all.orderBy('case_ref').orderBy('id').execute()).map(supportCase);
  });
}

/** Help desk's ids of the cases that are open in these workspaces, by workspace; one statement for all of them. */
export async function openCasesOf(
  tables: TablesReader,
  workspaceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (workspaceIds.length === 0) return new Map();
  const rows = await tables.read((db) =>
    db
      .selectFrom('cases')
      .select(['workspace_id', 'case_ref'])
      .where('workspace_id', 'in', workspaceIds)
      .where('phase', '=', 'open')
      .orderBy('case_ref')
      .orderBy('id')
      .execute(),
  );
  const byWorkspace = Map.groupBy(rows, ({ workspace_id }) => workspace_id);
  return new Map([...byWorkspace].map(([id, cases]) => [id, cases.map(({ case_ref }) => case_ref)]));
}

export function caseByRef(tables: TablesReader, workspaceId: string, ref: string): Promise<KnownCase | undefined> {
  return tables.read(async (db) => {
    const all = db.selectFrom('cases').selectAll().where('workspace_id', '=', workspaceId);
    const row = await all.where('case_ref', '=', ref).orderBy('id').executeTakeFirst();
    return row && supportCase(row);
  });
}

function workspace({ id, product, external_id, name, phase, plan }: RowOf<typeof workspaces>): KnownWorkspace {
  return { id, product, externalId: external_id, name, phase: phase === 'open' ? 'open' : 'closed', plan };
}

function member({ workspace_id, external_id, billing_contact, ...same }: RowOf<typeof members>): KnownMember {
  return { ...same, workspaceId: workspace_id, externalId: external_id, isBillingContact: billing_contact === 1 };
}

function supportCase(row: RowOf<typeof cases>): KnownCase {
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    ref: row.case_ref,
    title: row.title,
    phase: row.phase === 'open' ? 'open' : 'closed',
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    graceEnds: row.grace_ends,
    assignee: row.assignee,
  };
}
