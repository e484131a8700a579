import type { WorkspaceId } from '@gatebook/protocol';
import type { Book } from '#domain/book/book';
import type { Catalogue } from '#domain/catalogue/catalogue';
import type { StaffAccess } from './staff-access.types.ts';

/** The switch as it is shown, from a book in which what the clock has ended is ended. */
export function shownStaffAccess(
  workspaceId: WorkspaceId,
  { staffAccess, workspace }: Book,
  catalogue: Catalogue,
): StaffAccess {
  const areas = Object.entries(catalogue.areas).map(([id, label]) => ({ id, label }));
  if (staffAccess.phase === 'off') {
    return { workspaceId, on: false, until: null, by: null, withoutAreas: [], onlyCase: null, areas };
  }
  const { until, by, byName, withoutAreas, onlyCase } = staffAccess;
  return {
    workspaceId,
    on: true,
    until: new Date(until),
    by: { id: by, name: byName },
    withoutAreas: [...withoutAreas],
    onlyCase: onlyCase === null ? null : (workspace.cases.get(onlyCase)?.ref ?? onlyCase),
    areas,
  };
}
