import { describe, expect, it } from '@jest/globals';
import { parsePeople, PeopleInvalid } from './people.ts';

const maria = { sub: 'maria', name: 'Maria Ortiz', email: 'maria@acme.example', workspace: 'Acme', role: 'owner' };
const sam = { sub: 'sam', name: 'Sam Lee', email: 'sam@fernway.example', roles: ['agent'] };
const problemsOf = (input: unknown) => {
  try {
    parsePeople(input);
  } catch (error) {
    if (error instanceof PeopleInvalid) return error.problems;
    throw error;
  }
  return [];
};

describe('The list of people', () => {
  it('is taken as it stands when it is in order; one sub may be in both realms', () => {
    const input = { members: [maria], staff: [sam, { ...sam, sub: 'maria', email: 'm@fernway.example', roles: [] }] };
    expect(parsePeople(input)).toEqual(input);
  });

  it.each<[string, unknown, RegExp]>([
    ['no list', null, /^The list: /],
    ['a realm missing', { members: [] }, /^staff: /],
    ['a role that members don’t have', { members: [{ ...maria, role: 'lead' }], staff: [] }, /^members\.0\.role: /],
    ['a role that staff don’t have', { members: [], staff: [{ ...sam, roles: ['owner'] }] }, /^staff\.0\.roles\.0: /],
    ['a field that nobody knows', { members: [{ ...maria, admin: true }], staff: [] }, /^members\.0\.admin: /],
    [
      'an e-mail address that is none',
      { members: [{ ...maria, email: 'maria' }], staff: [] },
      /^members\.0\.email: must/,
    ],
    ['a sub with a space', { members: [{ ...maria, sub: 'maria ortiz' }], staff: [] }, /^members\.0\.sub: must/],
    ['an empty name', { members: [{ ...maria, name: ' ' }], staff: [] }, /^members\.0\.name: must not be empty/],
    ['a sub twice', { members: [maria, { ...maria, email: 'm@acme.example' }], staff: [] }, /^members: "maria" stands/],
    [
      'a shared address (T7)',
      { members: [], staff: [sam, { ...sam, sub: 'sam2' }] },
      /^staff: "sam@fernway.example" st/,
    ],
  ])('is refused with one sentence: %s', (_name, input, sentence) => {
    const problems = problemsOf(input);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(sentence);
  });
});
