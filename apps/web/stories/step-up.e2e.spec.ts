import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Request } from 'playwright-core';
import { GOOD } from '../staff/reason.ts';
import { ClockedPages } from './clocked-pages.ts';
import { focused } from './focus.ts';

const RETRY = 'retry the failed invoice sync on INV-88, once';
const MESSAGE = 'You don’t need Integrations for this.';

/** By the settings a proof of identity does for five minutes (S1-32). */
describe('Proving again who one is, in a browser (RFC 9470)', () => {
  let opened: ClockedPages;
  let maria: Page;
  let sam: Page;
  /** Commands that were sent, by name, with their ids; and questions to the sign-in that need a page. */
  const sent: [name: string, commandId: string][] = [];
  const asked: Record<string, string | null>[] = [];
  const challenges: string[] = [];

  const reason = () => sam.getByRole('textbox', { name: 'What are you going in to find out?' });
  const card = () => maria.getByRole('article', { name: `Write request from Sam Lee to ${RETRY}` });
  const mine = (name: string) => sam.getByRole('article', { name: `${name}: to ${RETRY}` });
  const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Prove who you are again' });
  const heard = (request: Request) => {
    const { pathname, searchParams: wish } = new URL(request.url());
    if (pathname.endsWith('/auth') && wish.get('prompt') !== 'none')
      asked.push({ max_age: wish.get('max_age'), acr_values: wish.get('acr_values'), prompt: wish.get('prompt') });
    const { query = '', variables } = (pathname === '/graphql' && (request.postDataJSON() as Posted | null)) || {};
    const name = /^\s*mutation (\w+)/.exec(query)?.[1];
    if (name !== undefined) sent.push([name, variables?.input?.commandId ?? '']);
  };
  /** The ids of the commands of one name since the last look. */
  const idsOf = (name: string) => {
    const ids = sent.filter(([of]) => of === name).map(([, id]) => id);
    sent.length = 0;
    return ids;
  };

  beforeAll(async () => {
    opened = await ClockedPages.open();
    ({ maria, sam } = await opened.mariaAndSam());
    for (const page of [maria, sam]) {
      page.on('request', heard);
      page.on('response', (response) => {
        const challenge = response.headers()['www-authenticate'];
        if (challenge?.includes('insufficient_user_authentication')) challenges.push(challenge);
      });
    }
    await opened.turnOn(maria);
  });
  afterAll(() => opened.close());

  it('is asked before an entry, leads back to the same form with what was typed, and the visit begins once (S1-32)', async () => {
    await sam.goto('/staff/start?case=CASE-123');
    await opened.pass(6);
    await reason().fill(GOOD);
    await sam.getByRole('radio', { name: /^Missing inquiry/ }).check();
    await sam.getByRole('radio', { name: '15 min' }).check();
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await dialogOf(sam)
      .getByText('A visit starts within 5 minutes of a proof of who you are. Yours is from 10:00.')
      .waitFor();
    await dialogOf(sam).getByText(`Sam Lee came in for CASE-123 to look, for up to 15 minutes: “${GOOD}”`).waitFor();
    expect(await opened.facts('SessionStarted')).toEqual([]);
    expect(challenges).toEqual([expect.stringContaining('max_age="300"')]);

    await opened.proveAgain(sam, 'Sam');
    await sam.getByText('You proved who you are at 10:06.').waitFor();
    expect(new URL(sam.url()).pathname + new URL(sam.url()).search).toBe('/staff/start?case=CASE-123');
    expect(asked).toEqual([{ max_age: '300', acr_values: null, prompt: null }]);
    expect(await reason().inputValue()).toBe(GOOD);
    expect(await sam.getByRole('radio', { name: /^Missing inquiry/ }).isChecked()).toBe(true);
    expect(await sam.getByRole('radio', { name: '15 min' }).isChecked()).toBe(true);
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    const ids = idsOf('StartSession');
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(await opened.facts('SessionStarted')).toEqual([
      ['SessionStarted', expect.objectContaining({ identityConfirmedAt: '2031-03-04T09:06:00.000Z' })],
    ]);
    await sam.getByRole('button', { name: /^Exit/ }).click();
    await sam.getByRole('heading', { name: /has ended$/ }).waitFor();
  });

  it('is asked before an approval, leads back to the request as it was being trimmed, and it is approved once (S0-23)', async () => {
    await sam.goto(`${opened.story.service.url}/staff/ask?case=CASE-123&action=invoice.retrySync&target=INV-88`);
    await reason().fill(GOOD);
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await card().getByRole('checkbox', { name: 'Open Integrations' }).uncheck();
    await card().getByRole('radio', { name: '15 min' }).check();
    await card()
      .getByRole('textbox', { name: /^Message to Sam/ })
      .fill(MESSAGE);
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await dialogOf(maria).getByText('Approving needs a proof of who you are from the last 5 minutes.').waitFor();
    const line =
      /^Maria Ortiz approved with changes Sam Lee’s request .* Left out: open Integrations; 15 minutes where 30/;
    await dialogOf(maria).getByText(line).waitFor();
    expect(await opened.facts('AccessApproved')).toEqual([]);

    asked.length = 0;
    await opened.proveAgain(maria, 'Maria');
    expect(asked).toEqual([{ max_age: '300', acr_values: null, prompt: null }]);
    await card().getByText(line).waitFor();
    expect(await card().getByRole('checkbox', { name: 'Open Integrations' }).isChecked()).toBe(false);
    expect(await card().getByRole('radio', { name: '15 min' }).isChecked()).toBe(true);
    expect(
      await card()
        .getByRole('textbox', { name: /^Message to Sam/ })
        .inputValue(),
    ).toBe(MESSAGE);
    // The reader is where they were: what they were about to press is in sight, and nothing of it has the focus.
    expect(await card().getByRole('button', { name: 'Approve with changes' }).isVisible()).toBe(true);
    await focused(card().getByRole('heading', { name: 'What Sam may do' }));
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    await mine('Approved with changes').getByText(MESSAGE).waitFor();
    const ids = idsOf('ApproveAccess');
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(await opened.facts('AccessApproved')).toEqual([
      ['AccessApproved', expect.objectContaining({ granted: expect.objectContaining({ minutes: 15 }) })],
    ]);
  });

  it('is asked before a write, leads back to the approved request, and its visit begins once (S0-23, S1-32)', async () => {
    await opened.pass(6);
    await mine('Approved with changes')
      .getByRole('button', { name: /^Confirm and start/ })
      .click();
    await dialogOf(sam).getByText(`Sam Lee comes in for CASE-123, to ${RETRY}`).waitFor();
    await dialogOf(sam).getByRole('button', { name: 'Not now' }).click();
    await dialogOf(sam).waitFor({ state: 'detached' });
    // The changed scope is confirmed by now: that opened nothing.
    await mine('Approved, once')
      .getByRole('button', { name: /^Start visit/ })
      .click();
    await dialogOf(sam).waitFor();
    expect(await opened.facts('SessionStarted')).toHaveLength(1);

    asked.length = 0;
    await opened.proveAgain(sam, 'Sam');
    expect(asked).toEqual([{ max_age: '300', acr_values: null, prompt: null }]);
    await mine('Approved, once')
      .getByRole('button', { name: /^Start visit/ })
      .click();
    await sam.getByRole('region', { name: 'Support session' }).waitFor();
    const ids = idsOf('StartSession');
    expect(ids).toEqual([ids[0], ids[0], ids[0]]);
    const [, [, begun]] = (await opened.facts('SessionStarted')) as [unknown, [string, Record<string, unknown>]];
    expect(begun).toMatchObject({ identityConfirmedAt: '2031-03-04T09:12:00.000Z', approvedBy: { kind: 'member' } });
    expect(await opened.facts('ScopeConfirmed')).toHaveLength(1);
    await sam.goto(`${opened.story.demoUrl}/invoices/INV-88`);
    await sam.getByRole('button', { name: 'Retry sync' }).click();
    await maria.mouse.move(0, 0);
    await maria
      .getByRole('region', { name: 'Visit log' })
      .getByRole('listitem')
      .filter({ hasText: 'Sam Lee was allowed to retry the failed invoice sync on INV-88' })
      .waitFor();
    expect(await opened.facts('ActionAuthorised')).toHaveLength(1);
  });

  it('left nothing among what was refused', async () => {
    const { service } = opened.story;
    expect(await service.facts(`denials-${service.workspaceId('acme')}`)).toEqual([]);
  });
});

interface Posted {
  readonly query?: string;
  readonly variables?: { readonly input?: { readonly commandId?: string } };
}
