import { denialsOf, STAFF_PREFIX, workspaceOf } from '../runner/streams.ts';
import { add, put, set, type Fold, type Projection } from '../runner/table.ts';
import { people } from './table.ts';

const fold: Fold = ({ stream, metadata }, known) => {
  switch (known?.type) {
    case 'MemberRoleChanged': {
      if (workspaceOf(stream) === undefined) return [];
      const { memberId, person, personal } = known.data;
      return [
        put(people, {
          id: memberId,
          kind: 'member',
          name: personal?.name ?? null,
          email: personal?.email ?? null,
          ...person,
          enabled: null,
          roles: null,
        }),
      ];
    }
    case 'StaffEnabled': {
      if (!stream.startsWith(STAFF_PREFIX)) return [];
      const { staffId, person, roles, personal } = known.data;
      return [
        put(people, {
          id: staffId,
          kind: 'staff',
          name: personal?.name ?? null,
          email: personal?.email ?? null,
          ...person,
          enabled: 1,
          roles: JSON.stringify(roles),
        }),
      ];
    }
    case 'StaffDisabled':
      return stream.startsWith(STAFF_PREFIX) ? [set(people, { id: known.data.staffId }, { enabled: 0 })] : [];
    case 'AttemptDenied': {
      const { kind, id } = metadata.actor;
      if (denialsOf(stream) === undefined || (kind !== 'member' && kind !== 'staff')) return [];
      const name = known.data.personal?.name ?? null;
      return [add(people, { id, kind, name, email: null, issuer: null, subject: null, enabled: null, roles: null })];
    }
    default:
      return [];
  }
};

export const peopleProjection: Projection = { name: 'people', version: 1, tables: [people], fold };
