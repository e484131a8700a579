import { describe, expect, it } from '@jest/globals';
import { buildSchema, findBreakingChanges } from 'graphql';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const at = (name: string) => readFileSync(join(import.meta.dirname, '../../../..', name), 'utf8');
// A release copies schema.graphql to schema.released.graphql: what breaks is decided there, and told in the changelog.
const released = at('schema.released.graphql');
const broken = (now: string) =>
  findBreakingChanges(buildSchema(released), buildSchema(now)).map(({ description }) => description);

describe('The schema, for callers of the last release', () => {
  it('breaks nobody', () => {
    expect(broken(at('schema.graphql'))).toEqual([]);
  });

  it.each([
    ['a field goes', '  currentPage: String\n', '  pageNow: String\n', 'Session.currentPage was removed.'],
    ['a field can be null', '  mark: String!', '  mark: String', 'LogEntry.mark changed type from String! to String.'],
    ['a type goes', 'SystemActor', 'OtherActor', 'SystemActor was removed.'],
    ['an enum loses a value', '  TRY_AGAIN\n', '  RETRY\n', 'TRY_AGAIN was removed from enum type UserErrorCode.'],
    [
      'an input must have more',
      'input EndSessionInput {',
      'input EndSessionInput {\n  why: String!',
      'A required field why on input type EndSessionInput was added.',
    ],
    [
      'an argument goes',
      '    filter: LogFilterInput\n',
      '    only: LogFilterInput\n',
      'Query.visitLog arg filter was removed.',
    ],
    [
      'a scalar is another one',
      '  startedAt: DateTime!',
      '  startedAt: String!',
      'Session.startedAt changed type from DateTime! to String!.',
    ],
  ])('is refused where %s', (_, from, to, description) => {
    const now = released.replaceAll(from, to);
    expect(now).not.toBe(released);
    expect(broken(now).join('\n')).toContain(description);
  });

  it('takes more of everything: types, fields, values, arguments that can be left out', () => {
    const now = released
      .replace('type Session implements Node {', 'type Session implements Node {\n  mood: Mood')
      .replace('input EndSessionInput {', 'input EndSessionInput {\n  why: String')
      .replace('enum Realm {', 'enum Realm {\n  GUESTS')
      .concat('\nenum Mood { GOOD }\n');
    expect(broken(now)).toEqual([]);
  });
});
