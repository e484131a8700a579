import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { OpenedPages } from './opened-pages.ts';
import { focused } from './focus.ts';

const REASON = 'The sync of INV-88 failed on Tuesday. One retry should send it.';
const RETRY = 'retry the failed invoice sync on INV-88, once';

describe('A change that is asked for, in a browser', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    opened = await OpenedPages.open();
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    const [hers, his] = [await opened.windowOf('Maria Ortiz'), await opened.windowOf('Sam Lee')];
    maria = hers.page;
    sam = his.page;
    for (const { page } of [hers, his]) page.on('pageerror', (error) => void complaints.push(String(error)));
  });
  afterAll(() => opened.close());

  const waiting = () => maria.getByRole('region', { name: 'Waiting for you' });
  const card = (name: string | RegExp = /^Write request from Sam Lee/) => waiting().getByRole('article', { name });
  const log = () => maria.getByRole('region', { name: 'Visit log' });
  const mine = (name: string | RegExp) => sam.getByRole('article', { name });

  const ask = async (reason = REASON) => {
    await sam.goto('/staff/start?workspace=&case=CASE-123');
    await sam.getByRole('radio', { name: /^Retry a failed invoice sync/ }).check();
    await sam.getByRole('textbox', { name: 'Which invoice' }).fill('INV-88');
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(reason);
    await sam.getByText(`You ask to ${RETRY}.`).waitFor();
    await sam.getByText(`Sam Lee asked to ${RETRY}, for 30 minutes, for CASE-123: “${reason}”`).waitFor();
  };
  const send = async () => {
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
  };

  it('is no part of a page where nothing waits', async () => {
    await maria.getByRole('region', { name: 'Requests' }).getByText('Nothing was asked and decided yet').waitFor();
    expect(await waiting().count()).toBe(0);
  });

  it('is asked from a job: what it would let Sam do, the reason, and the line, read before one press (S0-21, S4-31)', async () => {
    await ask();
    await sam.getByRole('heading', { level: 1, name: 'Ask for access to Acme Co for CASE-123' }).waitFor();
    await send();
    await mine(`Waits for an answer: to ${RETRY}`)
      .getByText(/it lapses .*, in /)
      .waitFor();
  });

  it('stands before the owner as a sentence, with the reason word for word and both lists (S0-22, S4-44)', async () => {
    await card(`Write request from Sam Lee to ${RETRY}`).waitFor();
    await card().getByText(REASON).waitFor();
    await card().getByRole('heading', { name: 'Sam could', exact: true }).waitFor();
    await card().getByRole('heading', { name: 'Sam still could not' }).waitFor();
    await card()
      .getByText(/If nobody answers, it lapses .* in \d+ h/)
      .waitFor();
  });

  it('is answered by a question first; what Sam says makes what Maria was reading another request', async () => {
    await card().getByRole('button', { name: 'Ask Sam a question' }).click();
    await card().getByRole('textbox', { name: 'Your question to Sam' }).fill('Will it charge anybody?');
    await card().getByText('Maria Ortiz asked back: “Will it charge anybody?”').waitFor();
    await card().getByRole('button', { name: 'Ask the question' }).click();
    const asked = mine(`You are asked something about: to ${RETRY}`);
    await asked
      .getByRole('textbox', { name: '“Will it charge anybody?”' })
      .fill('No. It only sends the invoice again.');

    await card().getByText('Nothing yet.').waitFor();
    await card()
      .getByRole('button', { name: /^Approve once/ })
      .click();
    await card().getByRole('heading', { name: 'Read, then approve' }).waitFor();
    await asked.getByRole('button', { name: 'Answer' }).click();
    await card().getByRole('alert').getByText('It is another request than you were reading.').waitFor();
    await card().getByText('Sam answered: “No. It only sends the invoice again.”').waitFor();
    // What was about to be approved is not: it is read again first.
    expect(await card().getByRole('heading', { name: 'Read, then approve' }).count()).toBe(0);
  });

  it('is approved once, after the line was read that is then written; nothing that opens has the focus by itself (S0-23)', async () => {
    await card()
      .getByRole('button', { name: /^Approve once/ })
      .click();
    const review = card().getByRole('heading', { name: 'Read, then approve' });
    await review.waitFor();
    await focused(review);
    const draft = card().getByText(`Maria Ortiz approved Sam Lee’s request to ${RETRY}, for 30 minutes.`);
    await draft.waitFor();
    // New lines wait while somebody is in the list; the line that they write themselves doesn't.
    await log().getByRole('listitem').first().hover();
    await card()
      .getByRole('button', { name: /^Approve once/ })
      .press('Enter');
    await waiting().getByText(`Sam Lee asked to ${RETRY}: Maria Ortiz approved it.`).waitFor();
    await log()
      .getByRole('listitem')
      .filter({ hasText: `Maria Ortiz approved Sam Lee’s request to ${RETRY}` })
      .waitFor();
  });

  it('is begun by Sam, who does the one thing once, and is refused the second time (S0-26, S0-29)', async () => {
    const approved = mine(`Approved, once: to ${RETRY}`);
    await approved.getByText(/^Begin it by/).waitFor();
    await approved.getByRole('button', { name: /^Start visit/ }).click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await sam.goto(`${opened.story.demoUrl}/invoices/INV-88`);
    await sam.getByText('WRITE, ONE ACTION').first().waitFor();
    const inside = maria.getByRole('region', { name: 'Right now' }).getByRole('article');
    const named = 'ead only, and one action: retry the failed invoice sync on INV-88';
    await inside.getByText(`R${named} (not used yet).`, { exact: true }).waitFor();
    expect(await inside.getByText('READ ONLY', { exact: true }).count()).toBe(0);
    // Nothing moves under the pointer.
    await maria.mouse.move(0, 0);
    await log().getByText(`r${named} (not used yet), still open`).waitFor();
    await sam.getByRole('button', { name: 'Retry sync' }).click();
    await sam.getByText('Retry the failed invoice sync on INV-88: done.').first().waitFor();
    await inside.getByText(`R${named} (used).`, { exact: true }).waitFor();
    await log().getByText(`r${named} (used), still open`).waitFor();
    // The page draws no button any more; whoever sends the form all the same is refused.
    await opened.sends(sam, '/invoices/INV-88/retry-sync');
    await sam.getByRole('link', { name: 'Ask for it' }).waitFor();
    expect(await sam.getByRole('link', { name: 'Ask for it' }).getAttribute('href')).toContain(
      'action=invoice.retrySync&target=INV-88',
    );
    await sam.getByRole('button', { name: /^Exit/ }).click();
    await sam.getByRole('heading', { name: /has ended$/ }).waitFor();
  });

  it('leaves its lines in order, from asking to the end (S4-58)', async () => {
    // Nothing moves under the pointer.
    await maria.mouse.move(0, 0);
    await log().getByRole('listitem').filter({ hasText: 'Sam Lee left' }).first().waitFor();
    const newestFirst = await log().getByRole('listitem').allInnerTexts();
    const lines = [
      `Sam Lee asked to ${RETRY}`,
      'Maria Ortiz asked back',
      'Sam Lee answered',
      'Maria Ortiz approved Sam Lee’s request',
      'Sam Lee came in',
      'Sam Lee viewed Invoice INV-88',
      'Sam Lee was allowed to retry the failed invoice sync on INV-88, under CASE-123',
      'Sam Lee changed invoice.syncState',
      'Refused: Sam Lee tried to retry the failed invoice sync on INV-88',
      'Sam Lee left',
    ];
    // Lines between visits stand the newest first, those of the visit in written order: by their numbers they are one row.
    const numbered = newestFirst.flatMap((text) => {
      const number = /\n(\d+)\s*$/.exec(text)?.[1];
      return number === undefined ? [] : [[Number(number), text] as const];
    });
    const inOrder = numbered.toSorted(([a], [b]) => a - b).map(([, text]) => text);
    const places = lines.map((line) => inOrder.findIndex((text) => text.replaceAll('\n', ' ').includes(line)));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('is approved for less, which Sam reads beside what was asked and confirms before coming in (S4-26, S4-32)', async () => {
    await ask();
    await send();
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    const press = card().getByRole('button', { name: 'Approve with changes' });
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    // The default lets nobody widen: another target is another request.
    expect(await card().getByRole('textbox', { name: 'On which one' }).count()).toBe(0);
    await card().getByRole('checkbox', { name: 'Open Integrations' }).uncheck();
    await card().getByRole('radio', { name: '15 min' }).check();
    await card()
      .getByRole('textbox', { name: /^Message to Sam/ })
      .fill('You don’t need Integrations for this.');
    await card()
      .getByText(/approved with changes Sam Lee’s request .* Left out: open Integrations; 15 minutes where 30/)
      .waitFor();
    await press.click();
    const changed = mine(`Approved with changes: to ${RETRY}`);
    await changed.getByRole('row', { name: /^Time 30 min 15 min/ }).waitFor();
    await changed.getByText('You don’t need Integrations for this.').waitFor();
    await changed.getByRole('button', { name: /^Confirm and start/ }).click();
    await sam.getByRole('region', { name: 'Support session' }).waitFor();
    await sam.getByRole('button', { name: /^Exit/ }).click();
    await maria.getByText('What was asked, and what was allowed').first().waitFor();
  });

  it('is declined by keyboard alone, with a word', async () => {
    await ask();
    await send();
    await card().waitFor();
    await card().getByRole('button', { name: 'Decline' }).focus();
    await maria.keyboard.press('Enter');
    const heading = card().getByRole('heading', { name: 'Decline the request' });
    await heading.waitFor();
    await focused(heading);
    await maria.keyboard.press('Tab');
    await maria.keyboard.type('We do it ourselves.');
    await maria.keyboard.press('Tab');
    await maria.keyboard.press('Tab');
    await maria.keyboard.press('Enter');
    await mine(`Declined: to ${RETRY}`).getByText('“We do it ourselves.”').first().waitFor();
  });

  it('is taken back, and says so where it was being read', async () => {
    await ask();
    await send();
    await card().waitFor();
    await mine(`Waits for an answer: to ${RETRY}`)
      .getByRole('button', { name: /^Take it back/ })
      .click();
    await waiting().getByText(`Sam Lee asked to ${RETRY}: It was taken back.`).waitFor();
    expect(await card().count()).toBe(0);
  });

  it('is on a phone, with the deciding pair at the bottom (S3-1)', async () => {
    await ask();
    await send();
    await maria.setViewportSize({ width: 320, height: 640 });
    await card().getByRole('button', { name: 'Approve with changes' }).click();
    const press = card().getByRole('button', { name: 'Approve with changes' });
    await card().getByRole('checkbox', { name: 'Open Billing' }).scrollIntoViewIfNeeded();
    const box = await press.boundingBox();
    expect(box).not.toBeNull();
    expect(box!.y + box!.height).toBeLessThanOrEqual(640);
    expect(box!.height).toBeGreaterThanOrEqual(44);
    expect(await maria.evaluate('document.documentElement.scrollWidth')).toBe(320);
  });

  it('ends with staff access, in the same moment on both sides (S0-19)', async () => {
    await maria.setViewportSize({ width: 1280, height: 900 });
    await card().waitFor();
    await opened.story.command('access', 'off', 'acme', '--as', 'maria');
    await waiting().getByText(`Sam Lee asked to ${RETRY}: It lapsed: staff access was turned off.`).waitFor();
    expect(await card().count()).toBe(0);
    await mine(`Lapsed: to ${RETRY}`).getByText('It lapsed: staff access was turned off.').waitFor();
  });

  it('complained of nothing', () => expect(complaints).toEqual([]));
});
