import { describe, expect, it } from '@jest/globals';
import type { BookFact } from '#domain/book/book';
import { given, type Past } from '#domain/testing/given';
import {
  accessOn,
  clock,
  installation,
  instantOf,
  maria,
  requested,
  samsRequest,
  SHOWN,
  vic,
  workspaceOpen,
} from '#domain/testing/story';
import { evolveNames, noNames, sentenceFor, utcTime } from '#wording/wording';
import { draftOfApproval, draftOfFirstApproval, draftOfRequest } from './draft.ts';
import type { Request, Scope } from './operations.ts';

const AT = '10:00';

/** What approving at ten writes, and what was shown to be written. */
function writtenAndShown(asked: Parameters<typeof requested>[0]) {
  const request = requested(asked);
  if (request.type !== 'AccessRequested') throw new Error('No request.');
  const past: Past<BookFact> = [...workspaceOpen, accessOn(), request];
  const { facts } = given(past).when(
    {
      type: 'ApproveAccess',
      requestId: samsRequest,
      by: { kind: 'member', person: maria },
      shown: SHOWN,
      granted: null,
      message: null,
    },
    { at: AT },
  ).decision;
  const names = past
    .filter((fact) => typeof fact !== 'string')
    .reduce(
      (known, fact) =>
        evolveNames(known, { ...fact, metadata: { time: instantOf(AT), actor: { kind: 'system', id: '' } } }),
      noNames,
    );
  const approved = facts.find(({ type }) => type === 'AccessApproved')!;
  const { text, detail } = sentenceFor(
    { ...approved, metadata: { time: instantOf(AT), actor: { kind: 'member', id: maria.memberId } } },
    names,
  );
  const { wanted, viewAs, plannedStart, personal } = request.data;
  const scope = wanted as Scope;
  const shown = draftOfApproval(
    {
      request: {
        asked: scope,
        scope,
        staffName: personal?.staffName ?? null,
        viewAs,
        viewAsName: viewAs === vic.memberId ? vic.name : null,
        plannedStart,
        scopeArgumentsJson: null,
      } as Request,
      name: maria.name,
      message: null,
    },
    scope,
    { now: clock(AT), startByMinutes: installation.policy.request.startByMinutes },
    utcTime,
  );
  return { written: `${text}. ${detail}`, shown };
}

describe('The line that approving is shown to write', () => {
  it('is the line that is written, where the visit begins soon', () => {
    const { written, shown } = writtenAndShown({});
    expect(shown).toBe(written);
    expect(written).toContain('11:00 UTC');
  });

  it('is the line that is written, where a start is planned for later (S4-32)', () => {
    const { written, shown } = writtenAndShown({ plannedStart: instantOf('12:00') });
    expect(shown).toBe(written);
    expect(written).toContain('13:00 UTC');
  });

  it('tells a value that is changed beside what was asked for, with less time too (S4-26, S4-47)', () => {
    const asked = { pages: [], can: [], cannot: [], field: null, action: null, minutes: 30 } as Scope;
    const request = {
      ...{ asked, scope: asked, staffName: 'Sam Lee', viewAs: null, viewAsName: null, plannedStart: null },
      ...{ argumentsJson: '{"value":"20 %"}', scopeArgumentsJson: '{"value":"20 %"}' },
    } as Request;
    const granted = { ...asked, minutes: 10, argumentsJson: '{"value":"21"}' };
    const decided = { request, name: 'Maria Ortiz', message: null };
    const changed = 'With exactly: value "21" where "20 %" was asked for. 10 minutes where 30 were asked for.';
    const soon = { now: clock(AT), startByMinutes: 60 };
    expect(draftOfApproval(decided, granted, soon, utcTime)).toContain(`, for 10 minutes. ${changed} It is begun by`);
    expect(draftOfFirstApproval(decided, granted)).toMatch(new RegExp(`${changed.replaceAll('.', '\\.')}$`));
  });

  it('is the line that is written, with the member as whom is looked (S1-4)', () => {
    const { written, shown } = writtenAndShown({ kind: 'read', viewAs: vic.memberId });
    expect(shown).toBe(written);
    expect(written).toContain(`, viewing as ${vic.name}, for`);
  });
});

it('What asking for more time in a visit without a case writes says so (S0-44)', () => {
  const more = { name: 'Sam Lee', kind: 'extension', reason: 'A second fault', label: null, minutes: 15 } as const;
  const rest = { can: [], cannot: [], arguments: null, viewAs: null };
  // A visit's own field says by an empty text that there is none.
  expect(draftOfRequest({ ...more, ...rest, caseRef: '' })).toBe(
    'Sam Lee asked to look for longer, for 15 minutes, without a case: “A second fault”',
  );
});
