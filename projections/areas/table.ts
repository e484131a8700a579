import { defineTable } from '../runner/table.ts';

/** What the catalogue's areas are called; an area that was taken out keeps its last name, for the lines that name it. */
export const areas = defineTable({ name: 'areas', columns: { id: 'text', label: 'text' }, key: 'id', indexes: [] });
