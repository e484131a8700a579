import { describe, expect, it } from '@jest/globals';
import { typedId } from '@gatebook/protocol';
import { remember, noCommands } from './command-memory.ts';
import { newInstallation } from './installation/installation.ts';
import { packOutside, unpackOutside, type Outside } from './outside-snapshot.ts';
import { unknownStaff } from './staff/staff.ts';

const TIME = Date.parse('2026-11-21T09:00:00Z');
const uuid = (last: number) => `019aa3b0-5a1c-7cde-8f01-00000000000${last}`;
const commands = remember(noCommands, {
  id: uuid(1),
  revision: 4,
  time: TIME,
  actor: { kind: 'system', id: 'test' },
  commandId: uuid(2),
  commandDigest: `sha256:${'ab'.repeat(32)}`,
});
const outside: Outside = {
  installation: { state: { ...newInstallation, policyRevision: 4, commands }, revision: 4 },
  staff: new Map([
    [
      typedId('stf', uuid(3)),
      {
        revision: 2,
        state: {
          ...unknownStaff,
          phase: 'enabled',
          roles: ['agent'],
          lostRoles: [{ role: 'lead', at: TIME }],
          seat: {
            sessionId: typedId('ses', uuid(4)),
            workspaceId: typedId('ws', uuid(5)),
            until: TIME + 60_000,
            takenAt: TIME,
          },
          shown: { name: 'Zoë', email: 'zoe@vendor.example' },
          commands,
        },
      },
    ],
    [typedId('stf', uuid(6)), { revision: 0, state: { ...unknownStaff, readable: false } }],
  ]),
};

describe('The outside states, packed', () => {
  const packed = () => JSON.parse(JSON.stringify(packOutside(outside))) as { staff: { phase: string }[] };

  it('come back through JSON as they were', () => {
    expect(unpackOutside(packed())).toEqual(outside);
  });

  it('are none where anything in them is of another shape', () => {
    const [first, ...others] = packed().staff;
    for (const broken of [
      undefined,
      {},
      { ...packed(), more: true },
      { ...packed(), staff: [{ ...first, phase: 'retired' }, ...others] },
      { ...packed(), staff: [{ ...first, seat: {} }, ...others] },
    ])
      expect(unpackOutside(broken)).toBeUndefined();
  });
});
