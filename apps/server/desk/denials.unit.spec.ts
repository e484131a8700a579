import { describe, expect, it } from '@jest/globals';
import type { MemberId, SessionId } from '@gatebook/protocol';
import { envelopeWith } from '#event-log/envelope';
import type { EventLog, NewFact } from '#event-log/port';
import { Denials, type DeniedAttempt } from './denials.ts';

const [asSupport, asMaria] = ['ses_first', 'ses_second'] as const satisfies SessionId[];
const maria: MemberId = 'mem_maria';

describe('Refusals of a kind', () => {
  const began = () => {
    const [written, at] = [[] as unknown[][], { now: Date.parse('2026-11-21T09:00:00.000Z') }];
    const log = {
      append: (_: string, __: unknown, facts: readonly NewFact[]) => {
        for (const { data, metadata } of facts) {
          const { sessionId, count } = JSON.parse(data) as { sessionId: string | null; count: number };
          const { onBehalfOf } = JSON.parse(metadata) as { onBehalfOf?: { id: string } };
          written.push([sessionId, onBehalfOf?.id, count]);
        }
        return Promise.resolve({ revision: 0, position: '' });
      },
    } as unknown as EventLog;
    let ids = 0;
    const denials = new Denials({
      log,
      envelope: envelopeWith(),
      clock: { now: () => at.now },
      timer: { every: () => () => undefined },
      newId: () => `id-${ids++}`,
    });
    const refuse = async (
      times: number,
      sessionId: SessionId | null,
      more: Partial<DeniedAttempt> = {},
      as?: MemberId,
    ) => {
      for (let time = 0; time < times; time++)
        await denials.record({
          subject: 'ws_acme',
          attempt: { command: 'ViewPage', label: 'open Billing' },
          refusal: { rule: 'pageIsInScope', because: 'Billing is not a page of this visit' },
          sessionId,
          visit: sessionId,
          caller: {
            actor: { kind: 'staff', id: 'stf_sam' },
            ...(as && { onBehalfOf: { kind: 'member', id: as } }),
          },
          presenter: { subject: 'stf_sam', name: 'Sam' },
          ...more,
        });
    };
    const counts = async () => {
      written.length = 0;
      at.now += 10_000;
      await denials.closeWindows();
      return written;
    };
    return { refuse, counts, written };
  };

  it('are counted for each visit, and for each on whose behalf they were tried', async () => {
    const { refuse, counts, written } = began();
    await refuse(8, asSupport);
    await refuse(9, asMaria, {}, maria);
    // Nobody looks as somebody else in a visit that began as another; what is counted is told apart all the same.
    await refuse(7, asMaria);
    expect(written).toHaveLength(15);
    expect(await counts()).toEqual([
      [asSupport, undefined, 3],
      [asMaria, maria, 4],
      [asMaria, undefined, 2],
    ]);
  });

  it('are counted together where a visit that none is was named: ids can be made up without end (threat T53)', async () => {
    const { refuse, counts, written } = began();
    for (let each = 0; each < 8; each++) await refuse(1, `ses_made-up-${each}`, { visit: null });
    expect(written).toHaveLength(5);
    expect(await counts()).toEqual([['ses_made-up-7', undefined, 3]]);
  });
});
