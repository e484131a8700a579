import type { PlannedField, Wanted } from '#domain/request/request';
import type { RowOf } from '../runner/table.ts';
import type { TablesReader } from '../runner/tables.ts';
import type { activeSessions } from './table.ts';

/** A visit without an end in the log. By the clock it may be over: compare `endsAt` and `idleEndsAt`. */
export interface ActiveSession {
  readonly id: string;
  readonly workspaceId: string;
  readonly staff: { readonly id: string; readonly name: string | null; readonly email: string | null };
  readonly caseId: string | null;
  readonly caseRef: string | null;
  readonly job: string | null;
  readonly mode: 'read' | 'write';
  /** The one action of a visit on a write grant; `null`: it only looks. */
  readonly action: {
    readonly name: string;
    readonly label: string;
    /** As it was asked for: an export moves data out. */
    readonly kind: 'write' | 'export';
    readonly usedAt: number | null;
  } | null;
  /** The one masked value of a visit on a reveal; `null`: all of them stay masked. */
  readonly reveal: (PlannedField & { readonly isShown: boolean }) | null;
  /** Word for word; `null` once erased. */
  readonly reason: string | null;
  readonly approvedBy: { readonly id: string; readonly name: string | null };
  /** The member viewed as; `null`: as support. */
  readonly viewedAs: { readonly id: string; readonly name: string | null } | null;
  /** Epoch milliseconds, as all times here. */
  readonly startedAt: number;
  readonly enteredAt: number | null;
  readonly plannedEnd: number;
  /** The earliest of its planned end, the window's and its closed case's. */
  readonly endsAt: number;
  readonly idleMinutes: number;
  readonly lastInputAt: number;
  readonly idleEndsAt: number;
  readonly currentPage: { readonly page: string; readonly label: string; readonly since: number } | null;
  readonly area: string | null;
  readonly can: readonly string[];
  readonly cannot: readonly string[];
}

interface Which {
  readonly id?: string;
  readonly workspaceId?: string;
  readonly staffId?: string;
}

/** Live visits, oldest first: of a workspace, of a staff member, or all. */
export function liveSessions(tables: TablesReader, which: Omit<Which, 'id'> = {}): Promise<readonly ActiveSession[]> {
  return sessionsWith(tables, which);
}

/** A live visit by its id. */
export async function liveSession(tables: TablesReader, id: string): Promise<ActiveSession | undefined> {
  return (await sessionsWith(tables, { id }))[0];
}

function sessionsWith(tables: TablesReader, { id, workspaceId, staffId }: Which): Promise<readonly ActiveSession[]> {
  return tables.read(async (db) => {
    const rows = await db
      .selectFrom('active_sessions')
      .selectAll('active_sessions')
      .leftJoin('staff_access', 'staff_access.workspace_id', 'active_sessions.workspace_id')
      .leftJoin('cases', 'cases.id', 'active_sessions.case_id')
      .leftJoin('people', 'people.id', 'active_sessions.viewed_as')
      .leftJoin('requests', 'requests.session_id', 'active_sessions.session_id')
      .select([
        'staff_access.until_at',
        'cases.grace_ends',
        'people.name as viewed_as_name',
        'requests.kind as asked_kind',
        'requests.wanted as granted',
        'requests.grant_phase',
      ])
      .$if(id !== undefined, (all) => all.where('active_sessions.session_id', '=', id ?? ''))
      .$if(workspaceId !== undefined, (all) => all.where('active_sessions.workspace_id', '=', workspaceId ?? ''))
      .$if(staffId !== undefined, (all) => all.where('active_sessions.staff_id', '=', staffId ?? ''))
      .orderBy('active_sessions.started_at')
      .orderBy('active_sessions.session_id')
      .execute();
    return rows.map(session);
  });
}

function session(
  row: RowOf<typeof activeSessions> & {
    readonly until_at: number | null;
    readonly grace_ends: number | null;
    readonly viewed_as_name: string | null;
    readonly asked_kind: string | null;
    readonly granted: string | null;
    readonly grant_phase: string | null;
  },
): ActiveSession {
  return {
    id: row.session_id,
    workspaceId: row.workspace_id,
    staff: { id: row.staff_id, name: row.staff_name, email: row.staff_email },
    caseId: row.case_id,
    caseRef: row.case_ref,
    job: row.job,
    mode: row.mode === 'write' ? 'write' : 'read',
    action:
      row.action === null
        ? null
        : {
            name: row.action,
            label: row.action_label ?? row.action,
            kind: row.asked_kind === 'export' ? 'export' : 'write',
            usedAt: row.action_used_at,
          },
    reveal: revealIn(row),
    reason: row.reason,
    approvedBy: { id: row.approved_by, name: row.approver_name },
    viewedAs: row.viewed_as === null ? null : { id: row.viewed_as, name: row.viewed_as_name },
    startedAt: row.started_at,
    enteredAt: row.entered_at,
    plannedEnd: row.planned_end,
    endsAt: Math.min(row.planned_end, row.until_at ?? Infinity, row.grace_ends ?? Infinity),
    idleMinutes: row.idle_minutes,
    lastInputAt: row.last_input_at,
    idleEndsAt: row.last_input_at + row.idle_minutes * 60_000,
    currentPage:
      row.page === null
        ? null
        : { page: row.page, label: row.page_label ?? row.page, since: row.page_since ?? row.started_at },
    area: row.area,
    can: JSON.parse(row.can) as string[],
    cannot: JSON.parse(row.cannot) as string[],
  };
}

function revealIn(row: { readonly granted: string | null; readonly grant_phase: string | null }) {
  const { field } = row.granted === null ? { field: null } : (JSON.parse(row.granted) as Pick<Wanted, 'field'>);
  return field && { ...field, isShown: row.grant_phase === 'spent' };
}
