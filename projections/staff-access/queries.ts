import type { TablesReader } from '../runner/tables.ts';

/** A workspace's switch. Times are epoch milliseconds. */
export type StaffAccessState =
  | {
      readonly phase: 'off';
      /** `null`: it was never on. */
      readonly since: number | null;
      readonly by: { readonly id: string; readonly name: string | null } | null;
      readonly cause: string | null;
    }
  | {
      readonly phase: 'on';
      /** Off from this instant, whether or not that is written yet: compare with the clock. `null`: until it is turned off. */
      readonly until: number | null;
      readonly since: number;
      readonly by: { readonly id: string; readonly name: string | null } | null;
      readonly withoutAreas: readonly { readonly id: string; readonly label: string }[];
      readonly onlyCase: { readonly id: string; readonly ref: string } | null;
    };

export function staffAccessOf(tables: TablesReader, workspaceId: string): Promise<StaffAccessState> {
  return tables.read(async (db) => {
    const row = await db
      .selectFrom('staff_access')
      .selectAll()
      .where('workspace_id', '=', workspaceId)
      .executeTakeFirst();
    const by = row && row.member_id !== null ? { id: row.member_id, name: row.member_name } : null;
    if (row?.is_on !== 1) {
      return { phase: 'off', since: row?.since_at ?? null, by, cause: row?.off_cause ?? null };
    }
    const areaIds = JSON.parse(row.without_areas) as string[];
    const labels =
      areaIds.length === 0 ? [] : await db.selectFrom('areas').selectAll().where('id', 'in', areaIds).execute();
    const only =
      row.only_case === null
        ? undefined
        : await db.selectFrom('cases').select(['id', 'case_ref']).where('id', '=', row.only_case).executeTakeFirst();
    return {
      phase: 'on',
      until: row.until_at,
      since: row.since_at ?? 0,
      by,
      withoutAreas: areaIds.map((id) => ({ id, label: labels.find((area) => area.id === id)?.label ?? id })),
      onlyCase: row.only_case === null ? null : { id: row.only_case, ref: only?.case_ref ?? row.only_case },
    };
  });
}
