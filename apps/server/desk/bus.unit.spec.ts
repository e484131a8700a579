import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { describe, expect, it } from '@jest/globals';
import type { StaffId, WorkspaceId } from '@gatebook/protocol';
import { COMMAND_HANDLERS, HandleBookCommand, StartVisit } from './bus.ts';
import { Desk } from './desk.ts';
import { NotNow } from './not-now.ts';
import { Visits } from './visits.ts';

const workspaceId: WorkspaceId = 'ws_00000000000000000000000001';
const staffId: StaffId = 'stf_00000000000000000000000001';

describe('The command bus', () => {
  const busTo = async (desk: Partial<Desk>, visits: Partial<Visits> = {}) => {
    const app = await Test.createTestingModule({
      imports: [CqrsModule.forRoot()],
      providers: [...COMMAND_HANDLERS, { provide: Desk, useValue: desk }, { provide: Visits, useValue: visits }],
    }).compile();
    await app.init();
    return app.get(CommandBus);
  };

  it('brings a command about a workspace to the desk as it is, and the desk’s answer back', async () => {
    const caller = { actor: { kind: 'system' as const, id: 'clock' } };
    const asked: unknown[] = [];
    const outcome = { kind: 'accepted' as const, facts: [], decided: [], position: '7' };
    const bus = await busTo({
      handle: (...args) => {
        asked.push(args);
        return Promise.resolve(outcome);
      },
    });
    const command = { type: 'SettleBook' as const };
    expect(await bus.execute(new HandleBookCommand(workspaceId, command, caller))).toBe(outcome);
    expect(asked).toEqual([[workspaceId, command, caller]]);
  });

  it('brings the start of a visit to the visits', async () => {
    const caller = {
      actor: { kind: 'staff' as const, id: staffId },
      commandId: '01a1fd55-7a80-7d3c-858a-23622ee8f66f',
    };
    const wish = { workspaceId, caseRef: 'CASE-1', job: null, reason: 'why', minutes: null };
    const staff = { staffId, identityConfirmedAt: 5 };
    const asked: unknown[] = [];
    const answer = { kind: 'step-up' as const, maxAgeSeconds: 300 };
    const bus = await busTo(
      {},
      {
        start: (...args) => {
          asked.push(args);
          return Promise.resolve(answer);
        },
      },
    );
    expect(await bus.execute(new StartVisit(wish, staff, caller))).toBe(answer);
    expect(asked).toEqual([[wish, staff, caller]]);
  });

  it('swallows no error', async () => {
    const bus = await busTo({ handle: () => Promise.reject(new NotNow('The log can’t be read.', 'log-away')) });
    const sent = new HandleBookCommand(workspaceId, { type: 'SettleBook' }, { actor: { kind: 'system', id: 'clock' } });
    await expect(bus.execute(sent)).rejects.toThrow(new NotNow('The log can’t be read.', 'log-away'));
  });
});
