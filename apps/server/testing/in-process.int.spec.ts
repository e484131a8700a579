import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcess } from './in-process.ts';

describe('The whole service in one process', () => {
  let service: InProcess;
  beforeAll(async () => {
    service = await InProcess.start();
  });
  afterAll(() => service.close());

  it('plays a visit from the switch to a page over real HTTP, and goes on with it after a restart', async () => {
    expect((await service.startVisit()).body.data.startSession.userErrors).toMatchObject([
      { code: 'STAFF_ACCESS_OFF' },
    ]);
    expect((await service.enable()).body.data.enableStaffAccess.userErrors).toEqual([]);
    const inside = await service.enter();
    expect((await service.view(inside, 'billing')).body).toMatchObject({ decision: true });
    await service.restart();
    expect((await service.view(inside, 'team')).body).toMatchObject({ decision: true });
    const book = await service.facts(`workspace-${service.workspaceId('acme')}`);
    expect(book.map(({ type }) => type).slice(-7)).toEqual([
      'StaffAccessEnabled',
      'SessionStarted',
      'SessionEntered',
      'AreaEntered',
      'PageViewed',
      'AreaEntered',
      'PageViewed',
    ]);
  });
});
