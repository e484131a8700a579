import { describe, expect, it } from '@jest/globals';
import { letInBy, type LetInKind } from './let-in.ts';

describe('Who let a staff member in', () => {
  it.each<[LetInKind, string | null, string | undefined, string]>([
    ['switch', 'Maria Ortiz', undefined, 'Maria Ortiz had turned staff access on.'],
    ['switch', null, undefined, 'A member had turned staff access on.'],
    ['member', 'Maria Ortiz', undefined, 'Maria Ortiz approved this visit.'],
    ['member', null, undefined, 'A member approved this visit.'],
    ['staff', 'Priya Nair', undefined, 'Priya Nair approved this visit.'],
    ['staff', 'Priya Nair', 'Maria Ortiz', 'Maria Ortiz and Priya Nair approved this visit.'],
    ['staff', null, 'Maria Ortiz', 'Maria Ortiz and somebody of the vendor approved this visit.'],
    ['policy', null, undefined, 'The settings ask for no approval of such a visit.'],
  ])('by %s, %p after %p: “%s”', (kind, who, first, told) => expect(letInBy(kind, who, first)).toBe(told));
});
