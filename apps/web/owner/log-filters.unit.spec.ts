import { describe, expect, it } from '@jest/globals';
import { everything, filtersSet, filterVariables } from './log-filters.ts';

const now = Date.parse('2026-11-24T13:14:33.500Z');
const variables = (chosen: Partial<typeof everything>) =>
  filterVariables({ ...everything, ...chosen }, now, 'Europe/Berlin');

describe('Filters of the visit log', () => {
  it('ask for everything when nothing is chosen', () => {
    expect(variables({})).toBeUndefined();
    expect(filtersSet(everything)).toBe(0);
  });

  it('name a person by id, a case and words by what the lines hold', () => {
    expect(variables({ person: 'stf_1' })).toEqual({ actor: { id: { in: ['stf_1'] } } });
    expect(variables({ caseRef: 'CASE-123', search: ' invoice  sync a ' })).toEqual({
      search: 'invoice sync CASE-123',
    });
    expect(variables({ search: ' a ' })).toBeUndefined();
  });

  it('name one visit by its id, and are counted with it', () => {
    expect(variables({ visit: 'ses_1' })).toEqual({ sessionId: 'ses_1' });
    expect(filtersSet({ ...everything, visit: 'ses_1' })).toBe(1);
  });

  it('keep views, changes and refusals apart, and never leave an emergency out', () => {
    expect(variables({ without: ['viewed', 'rest'] })).toEqual({
      mark: { in: ['changed', 'refused', 'in', 'out', 'emergency'] },
    });
    expect(variables({ without: ['viewed', 'changed', 'refused', 'visits', 'rest'] })).toEqual({
      mark: { in: ['emergency'] },
    });
  });

  it('count days back from the minute, so that asking twice asks the same', () => {
    expect(variables({ dates: '7' })).toEqual({ occurredAt: { gte: '2026-11-17T13:14:00.000Z' } });
  });

  it('take whole days of the zone, both included, also when clocks change in between', () => {
    expect(variables({ dates: 'days', from: '2026-10-24', to: '2026-10-25' })).toEqual({
      occurredAt: { gte: '2026-10-23T22:00:00.000Z', lt: '2026-10-25T23:00:00.000Z' },
    });
    expect(variables({ dates: 'days', from: '', to: '2026-11-24' })).toEqual({
      occurredAt: { lt: '2026-11-24T23:00:00.000Z' },
    });
    expect(variables({ dates: 'days', from: 'soon', to: '' })).toBeUndefined();
  });

  it('are counted for the button that folds them', () => {
    expect(filtersSet({ ...everything, search: 'x', without: ['rest', 'viewed'], dates: '30' })).toBe(3);
  });
});
