import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Asking } from '#server/testing/asking';
import type { InProcess, Inside } from '#server/testing/in-process';
import type { Person } from '../testing/person.ts';
import { FernwayWithService } from './fernway-with-service.ts';
import { startWithPolicy } from './with-policy.ts';

const REASON = 'Failed invoice sync since Tuesday';
const HOW = 'How the total is made';

describe('Fernway, where the settings want every click (S1-16, S1-17, S1-95)', () => {
  let story: FernwayWithService;
  let sam: Person;
  const folder = mkdtempSync(join(tmpdir(), 'gatebook-clicks-'));
  const policyFile = join(folder, 'policy.yaml');
  beforeAll(async () => {
    story = await FernwayWithService.start();
    await story.gatebook(['access', 'on', 'acme', '--as', 'maria']);
    sam = story.newPerson();
    await sam.signIn('/sign-in/staff', 'sam');
  });
  afterAll(async () => {
    await story.close();
    rmSync(folder, { recursive: true });
  });

  const enterUnder = async (recording: string) => {
    writeFileSync(policyFile, `preset: default\nrecording: ${recording}\n`);
    await story.service.restart({ policyFile });
    const start = ['sessions', 'start', 'acme', '--as', 'sam', '--case', 'CASE-123', '--reason', REASON, '--json'];
    const { entryCode } = JSON.parse((await story.gatebook(start)).out) as { entryCode: string };
    await sam.post('/gatebook/enter', { code: entryCode });
  };
  const click = (part: string) => sam.post('/gatebook/click', { part, page: '/invoices/INV-88', input: 'yes' });
  const lately = async (from: number) =>
    (await story.service.facts(`workspace-${story.service.workspaceId('acme')}`))
      .slice(from)
      .map(({ type, data }) => [type, data['page'] ?? data['area'], data['part']]);
  const written = async () => (await lately(0)).length;

  it('one within a page is a line under its page, written before it does anything', async () => {
    await enterUnder('every click');
    const before = await written();
    const { page } = await sam.open('/invoices/INV-88');
    expect(page).toContain('<script src="/gatebook/clicks.js" defer></script>');
    expect(page).toContain(`data-gatebook-click="${HOW}"`);
    expect((await click(HOW)).status).toBe(204);
    expect((await click(HOW)).status).toBe(204);
    expect((await click('ada.fields@bluebird.example')).status).toBe(400);
    expect(await lately(before)).toEqual([
      ['AreaEntered', 'billing', undefined],
      ['PageViewed', 'invoice', undefined],
      ['PartClicked', 'invoice', HOW],
      ['PartClicked', 'invoice', HOW],
    ]);
    const { out } = await story.gatebook(['log', 'acme', '--as', 'maria', '--first', '3']);
    expect(
      out
        .split('\n')
        .filter((line) => /^\d{4}-/.test(line))
        .map((line) => line.replace(/^\S+ \S+ \S+ {2}/, '')),
    ).toEqual([
      `Sam Lee clicked “${HOW}” on Invoice INV-88`,
      `Sam Lee clicked “${HOW}” on Invoice INV-88`,
      'Sam Lee viewed Invoice INV-88',
    ]);
  });

  it('after the owner’s off none does anything, and none stands behind it', async () => {
    await story.gatebook(['access', 'off', 'acme', '--as', 'maria']);
    const before = await written();
    const { status, page } = await click(HOW);
    expect([status, page.includes('Support access has been revoked')]).toEqual([403, true]);
    expect(await lately(before)).toEqual([]);
    await story.gatebook(['access', 'on', 'acme', '--as', 'maria']);
  });

  it('under every page and sensitive pages they are decided and not written', async () => {
    for (const recording of ['every page', 'sensitive pages']) {
      await enterUnder(recording);
      expect((await sam.open('/invoices/INV-88')).page).not.toContain('<script');
      const before = await written();
      expect((await click(HOW)).status).toBe(204);
      expect(await lately(before)).toEqual([]);
      await sam.post('/gatebook/exit');
    }
  });
});

describe('A product that reports clicks at the door', () => {
  let service: InProcess;
  let acme: Asking;
  let inside: Inside;
  beforeAll(async () => {
    service = await startWithPolicy('preset: default\nrecording: every click\nsession: { pagesPerMinute: 3 }\n');
    acme = new Asking(service);
    await service.enable();
    inside = await service.enter();
  });
  afterAll(() => service.close());

  const click = async (click: unknown, page?: string) => {
    const question = service.question(inside, 'dashboard', { click });
    return service.evaluate(inside, { ...question, context: { ...question.context, ...(page && { page }) } });
  };

  it('is told that they are wanted, gets a typed error for what is no name, and no line', async () => {
    const { body } = await service.view(inside, 'dashboard');
    expect(body.context.clicks).toBe(true);
    const before = await service.head();
    for (const wrong of ['', 'ada@example.com', 'IBAN 1234', ' x', 'a'.repeat(81), 7]) {
      const { status, body: problem } = await click(wrong, body.context.view as string);
      expect([wrong, status, problem.type]).toEqual([wrong, 400, 'urn:gatebook:problem:invalid-request']);
    }
    expect(await service.head()).toBe(before);
    expect((await click('Last week')).body).toMatchObject({
      decision: false,
      context: { rule: 'partBelongsToItsPage' },
    });
  });

  it('spends the budget of pages with them: the one beyond it ends the visit, and is no line', async () => {
    const { body } = await service.view(inside, 'dashboard');
    const view = body.context.view as string;
    expect((await click('Last week', view)).body.decision).toBe(true);
    expect((await click('Last week', view)).body.decision).toBe(true);
    expect((await click('Last week', view)).body).toMatchObject({
      decision: false,
      context: { rule: 'pagesAreWithinBudget', ended: { cause: 'too fast' } },
    });
    const types = (await acme.types()).slice(-4);
    expect(types).toEqual(['PageViewed', 'PartClicked', 'PartClicked', 'SessionEnded']);
  });

  it('the visit’s numbers count clicks apart from pages', async () => {
    const MINE = `query ($at: String) { myVisits(first: 1, minPosition: $at) { nodes { viewedCount clickedCount } } }`;
    const { myVisits } = await acme.data({ staff: 'sam' }, MINE, { at: await service.head() });
    expect(myVisits.nodes).toEqual([{ viewedCount: 1, clickedCount: 2 }]);
  });
});
