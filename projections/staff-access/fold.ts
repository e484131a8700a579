import { fromInstant } from '#domain/fact';
import { decidedAt } from '../runner/instants.ts';
import { workspaceOf } from '../runner/streams.ts';
import { add, put, type Fold, type Projection } from '../runner/table.ts';
import { staffAccess } from './table.ts';

const offIn = (workspaceId: string, position: string) => ({
  workspace_id: workspaceId,
  is_on: 0,
  until_at: null,
  since_at: null,
  member_id: null,
  member_name: null,
  off_cause: null,
  without_areas: '[]',
  only_case: null,
  position,
});

const fold: Fold = ({ stream, metadata, position }, known) => {
  const workspaceId = workspaceOf(stream);
  if (workspaceId === undefined) return [];
  switch (known?.type) {
    case 'WorkspaceRegistered':
      return [add(staffAccess, offIn(workspaceId, position))];
    case 'StaffAccessEnabled': {
      const { until, memberId, personal, withoutAreas, onlyCase } = known.data;
      return [
        put(staffAccess, {
          ...offIn(workspaceId, position),
          is_on: 1,
          until_at: until === null ? null : fromInstant(until),
          since_at: decidedAt(metadata),
          member_id: memberId,
          member_name: personal?.name ?? null,
          without_areas: JSON.stringify(withoutAreas),
          only_case: onlyCase,
        }),
      ];
    }
    case 'StaffAccessDisabled': {
      const { cause, at, memberId, personal } = known.data;
      return [
        put(staffAccess, {
          ...offIn(workspaceId, position),
          since_at: fromInstant(at),
          member_id: memberId,
          member_name: personal?.name ?? null,
          off_cause: cause,
        }),
      ];
    }
    default:
      return [];
  }
};

export const staffAccessProjection: Projection = { name: 'staff-access', version: 1, tables: [staffAccess], fold };
