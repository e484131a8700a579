import { describe, expect, it } from '@jest/globals';
import type { Actor } from '@gatebook/protocol';
import { ended, mariaJoined, said, started } from './testing/facts.ts';
import { accessRequested } from './testing/request-lines.ts';
import { requestHeading } from './request-lines.ts';
import { WORD_SETS } from './word-sets.ts';
import { evolveNames, noNames, sentenceFor, type SpokenFact } from './wording.ts';

const look = { pages: ['billing'], action: null, field: null, minutes: 30, can: ['open Billing'], cannot: [] };
const withData = (fact: SpokenFact, data: object): SpokenFact => ({
  ...fact,
  data: { ...(fact.data as object), ...data },
});
const told = (...facts: readonly SpokenFact[]): string[] => {
  let names = evolveNames(noNames, mariaJoined);
  return facts.map((fact) => {
    names = evolveNames(names, fact);
    return sentenceFor(fact, names).text;
  });
};
const asked = withData(accessRequested, { kind: 'sensitive entry', wanted: look, viewAs: 'mem_maria' });
const approved = said({
  type: 'AccessApproved',
  data: {
    requestId: 'req_sam',
    grantId: 'gr_sam',
    by: { kind: 'policy' },
    granted: look,
    change: null,
    startBy: '2026-11-24T15:02:00.000Z',
  },
});
const begun = withData(started, { viewedAs: 'mem_maria' });
const lapsed = said({
  type: 'GrantLapsed',
  data: { grantId: 'gr_sam', requestId: 'req_sam', cause: 'session ended', at: '2026-11-24T15:02:00.000Z' },
});

describe('Looking as a member', () => {
  it('is named where it is asked for, approved and begun, and in each line of the visit (S1-4, S3-13)', () => {
    const lines = told(asked, approved, begun, said({ type: 'PresenceConfirmed', data: { sessionId: 'ses_1' } }));
    expect(lines[0]).toBe(
      'Sam Lee asked to look at what is sensitive, viewing as Maria Ortiz, for 30 minutes, for CASE-123: “Failed invoice sync since Tuesday”',
    );
    // What was approved is called what was asked for.
    expect(lines[1]).toBe(
      'The settings approved Sam Lee’s request to look at what is sensitive, viewing as Maria Ortiz, for 30 minutes',
    );
    expect(lines[2]).toMatch(/^Sam Lee came in for CASE-123 to look, viewing as Maria Ortiz, for up to \d+ minutes/);
    expect(lines[3]).toBe('Sam Lee, viewing as Maria Ortiz, pressed Stay');
  });

  it('is named where something is refused in the visit, and only where the line says on whose behalf (S1-4)', () => {
    const refused = (onBehalfOf?: Actor): SpokenFact => ({
      type: 'AttemptDenied',
      data: {
        attempt: { command: 'ViewPage', label: 'open Files' },
        rule: 'pageIsViewable',
        because: 'Files is never open to support.',
        instead: null,
        sessionId: 'ses_1',
        count: 1,
        since: '2026-11-24T14:02:00.000Z',
      },
      metadata: {
        time: '2026-11-24T14:02:00.000Z',
        actor: { kind: 'staff', id: 'stf_sam' },
        ...(onBehalfOf && { onBehalfOf }),
      },
    });
    expect(told(begun, refused({ kind: 'member', id: 'mem_maria' }))[1]).toMatch(
      /^Refused: .+, viewing as Maria Ortiz, tried to open Files$/,
    );
    expect(told(begun, refused())[1]).not.toContain('viewing as');
  });

  it('is not said twice of one visit’s end by itself', () => {
    expect(told(begun, ended('idle'))[1]).toBe('Sam Lee’s visit ended: nobody had used it for a while');
  });

  it('stands in the heading before who decides', () => {
    const heading = requestHeading(
      { kind: 'read', staffName: 'Sam Lee', wanted: look, viewAs: 'Maria Ortiz' },
      WORD_SETS.default,
    );
    expect(heading).toBe('Request from Sam Lee to look, viewing as Maria Ortiz');
  });
});

describe('A visit on two approvals', () => {
  it('names both who approved it (S1-28)', () => {
    const both = withData(started, {
      approvedBy: { kind: 'staff', staffId: 'stf_priya' },
      firstApprovedBy: { memberId: 'mem_maria' },
      personal: {
        subject: 'stf_sam',
        staffName: 'Sam Lee',
        staffEmail: 'sam@fernway.example',
        reason: 'Wrong',
        approverName: 'Priya Nair',
      },
    });
    expect(sentenceFor(both, evolveNames(noNames, mariaJoined)).detail).toBe(
      'Maria Ortiz and Priya Nair approved this visit.',
    );
  });
});

describe('A grant behind its visit', () => {
  it('that gave the visit alone ended with it', () => {
    expect(told(asked, approved, lapsed)[2]).toBe('What Sam Lee was granted ended with the visit');
  });

  it('names the one action that was left unused (S0-24)', () => {
    expect(told(accessRequested, lapsed)[1]).toBe(
      'What Sam Lee was granted lapsed: to retry the failed invoice sync on INV-88, once; the visit ended before it was used',
    );
  });

  it('is planned for a time that its request says (S4-32)', () => {
    const planned = withData(accessRequested, { plannedStart: '2026-11-24T18:04:00.000Z' });
    expect(sentenceFor(planned, noNames).detail).toMatch(/^It is planned for 2026-11-24 18:04 UTC\. It lapses /);
  });
});
