import { sql } from 'kysely';
import type { TablesReader } from '../runner/tables.ts';

export interface DueWorkspace {
  readonly workspaceId: string;
  /** The earliest instant that is due, epoch milliseconds. */
  readonly at: number;
}

export interface TakenSeat {
  readonly staffId: string;
  readonly sessionId: string;
  readonly workspaceId: string;
  /** When it frees itself, epoch milliseconds. */
  readonly until: number;
}

/**
 * Workspaces in which something has ended by the clock at `epochMs` and isn't written yet, the longest due first. The
 * timekeeper has their books settled; the ends took effect without it.
 */
export function dueBefore(tables: TablesReader, epochMs: number, limit: number): Promise<readonly DueWorkspace[]> {
  const at = sql<number>`${sql.ref('at')} + ${sql.ref('plus_ms')}`;
  const due = sql<number>`min(${at})`;
  return tables.read((db) =>
    db
      .selectFrom('deadlines')
      .select(['workspace_id as workspaceId', due.as('at')])
      .where(at, '<=', epochMs)
      .groupBy('workspace_id')
      .orderBy(due)
      .orderBy('workspace_id')
      .limit(limit)
      .execute(),
  );
}

/** When the next clock falls due; `null`: none runs. */
export function nextDeadline(tables: TablesReader): Promise<number | null> {
  return tables.read(async (db) => {
    const row = await db
      .selectFrom('deadlines')
      .select(sql<number | null>`min(${sql.ref('at')} + ${sql.ref('plus_ms')})`.as('at'))
      .executeTakeFirst();
    return row?.at ?? null;
  });
}

/** Seats whose time is up at `epochMs` and that nobody gave back yet, the longest due first. */
export function seatsDueBefore(tables: TablesReader, epochMs: number, limit: number): Promise<readonly TakenSeat[]> {
  return tables.read((db) =>
    db
      .selectFrom('seats')
      .select(['staff_id as staffId', 'session_id as sessionId', 'workspace_id as workspaceId', 'until_at as until'])
      .where('until_at', '<=', epochMs)
      .orderBy('until_at')
      .orderBy('staff_id')
      .limit(limit)
      .execute(),
  );
}

/** Seats that are taken though their visit has ended, the longest first: the timekeeper frees them. */
export function abandonedSeats(tables: TablesReader, limit: number): Promise<readonly TakenSeat[]> {
  return tables.read((db) =>
    db
      .selectFrom('seats')
      .innerJoin('visits', 'visits.session_id', 'seats.session_id')
      .select([
        'seats.staff_id as staffId',
        'seats.session_id as sessionId',
        'seats.workspace_id as workspaceId',
        'seats.until_at as until',
      ])
      .where('visits.ended_at', 'is not', null)
      .orderBy('until_at')
      .orderBy('seats.staff_id')
      .limit(limit)
      .execute(),
  );
}
