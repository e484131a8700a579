import { describe, expect, it } from '@jest/globals';
import type { Wanted } from '#domain/request/request';
import { ended, said, started } from './testing/facts.ts';
import { accessRequested } from './testing/request-lines.ts';
import { evolveNames, noNames, sentenceFor, type SpokenFact } from './wording.ts';

/** The sentences that the sources ask for, by the one renderer that every screen, export and command shares. */
const wanted: Wanted = {
  pages: ['settings'],
  action: { name: 'settings.change', label: 'change the setting invoice-email', target: 'email', digest: 'sha256:1' },
  field: null,
  minutes: 20,
  can: ['change the setting invoice-email, once', 'open Settings'],
  cannot: ['change anything else'],
};

const at = (fact: SpokenFact, time: string, data: object = {}): SpokenFact => ({
  ...fact,
  data: { ...(fact.data as object), ...data },
  metadata: { ...fact.metadata, time: `2026-11-24T${time}:00.000Z` },
});
const by = (staffName: string) => ({
  subject: 'stf_sam',
  staffName,
  staffEmail: 'staff@fernway.example',
  reason: 'Wrong',
});

const cameIn = (staffName: string, caseRef: string) =>
  at(started, '14:02', { caseRef, personal: { ...by(staffName), approverName: 'Lee Wood' } });
const changed = (caseRef: string, field: string, from: string, to: string): SpokenFact =>
  at(
    said({
      type: 'ActionReported',
      data: {
        actionId: 'act_1',
        sessionId: 'ses_1',
        outcome: 'done',
        label: 'change the setting invoice-email',
        caseRef,
        fields: [field],
        personal: { subject: 'act_1', changes: [{ field, old: from, new: to }] },
      },
    }),
    '14:03',
  );

/** Each line with its time before it, as lists, exports and the command write them. */
function told(facts: readonly SpokenFact[]): string[] {
  let names = noNames;
  return facts.map((fact) => {
    names = evolveNames(names, fact);
    return `${fact.metadata.time.slice(11, 16)}  ${sentenceFor(fact, names).text}`;
  });
}

describe('A sentence that is asked for', () => {
  it('says who changed what, from what, to what (S1-21)', () => {
    expect(
      told([cameIn('Sarah Lee', 'CASE-7'), changed('CASE-7', 'shipping address', '1 Old Row', '2 New Row')])[1],
    ).toBe('14:03  Sarah Lee changed shipping address from 1 Old Row to 2 New Row, under CASE-7');
  });

  it('says at which time and under which ticket (S4-52)', () => {
    const lines = told([
      cameIn('Maria', '48192'),
      changed('48192', 'invoice email', 'old@acme.example', 'new@acme.example'),
    ]);
    expect(lines[1]).toBe('14:03  Maria changed invoice email from old@acme.example to new@acme.example, under 48192');
  });

  it('stands in order: access requested, lead approved request, session started, setting changed, session ended (S4-58)', () => {
    const asked = at(accessRequested, '14:00', {
      wanted,
      caseRef: 'CASE-7',
      personal: { ...by('Sam Lee'), arguments: null },
    });
    const approved = at(
      said({
        type: 'AccessApproved',
        data: {
          requestId: 'req_sam',
          grantId: 'gr_sam',
          by: { kind: 'staff', staffId: 'stf_lee' },
          granted: wanted,
          change: null,
          startBy: '2026-11-24T14:16:00.000Z',
          personal: { subject: 'stf_lee', name: 'Lee Wood', message: null },
        },
      }),
      '14:01',
    );
    const begun = at(cameIn('Sam Lee', 'CASE-7'), '14:02', {
      action: wanted.action,
      plannedEnd: '2026-11-24T14:22:00.000Z',
    });
    expect(
      told([
        asked,
        approved,
        begun,
        changed('CASE-7', 'invoice email', 'a@acme.example', 'b@acme.example'),
        at(ended('exited'), '14:17'),
      ]),
    ).toStrictEqual([
      '14:00  Sam Lee asked to change the setting invoice-email, once, for 20 minutes, for CASE-7: “Wrong”',
      '14:01  Lee Wood approved Sam Lee’s request to change the setting invoice-email, once, for 20 minutes',
      '14:02  Sam Lee came in for CASE-7 to change the setting invoice-email, for up to 20 minutes: “Wrong”',
      '14:03  Sam Lee changed invoice email from a@acme.example to b@acme.example, under CASE-7',
      '14:17  Sam Lee left, after 15 of 20 minutes',
    ]);
  });
});
