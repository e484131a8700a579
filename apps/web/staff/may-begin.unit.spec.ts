import { expect, it } from '@jest/globals';
import { mayBegin } from './may-begin.ts';

it.each([
  [{ cases: [[], ['CASE-1']], caseRequired: true }, true],
  [{ cases: [[], []], caseRequired: true }, false],
  [{ cases: [[], []], caseRequired: false }, true],
  [{ cases: [], caseRequired: false }, false],
])('A visit is begun from an open case or, where none is asked for, at a customer (S0-44): %j', (there, expected) => {
  const nodes = there.cases.map((openCases) => ({ openCases }));
  const visits = { caseRequired: there.caseRequired };
  expect(mayBegin({ workspaces: { nodes }, catalogue: { visits } })).toBe(expected);
});
