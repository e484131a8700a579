import DataLoader from 'dataloader';
import { workspaceNames, type TablesReader } from '#projections/index';

/** What customers call their workspaces, in one reading for all that an answer shows; empty for a workspace not known. */
export function namesOfWorkspaces(tables: () => TablesReader): DataLoader<string, string> {
  return new DataLoader<string, string>(
    async (ids) => {
      const names = await workspaceNames(tables(), [...new Set(ids)]);
      return ids.map((id) => names.get(id) ?? '');
    },
    { cache: false },
  );
}
