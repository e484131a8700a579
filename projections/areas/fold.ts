import { INSTALLATION_STREAM } from '../runner/streams.ts';
import { put, type Fold, type Projection } from '../runner/table.ts';
import { areas } from './table.ts';

const fold: Fold = ({ stream }, known) => {
  if (stream !== INSTALLATION_STREAM || known?.type !== 'CatalogueChanged') return [];
  return Object.entries(known.data.catalogue.areas).map(([id, label]) => put(areas, { id, label }));
};

export const areasProjection: Projection = { name: 'areas', version: 1, tables: [areas], fold };
