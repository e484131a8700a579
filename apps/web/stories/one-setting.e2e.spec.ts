import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { faultsIn } from './faults.ts';
import { focused } from './focus.ts';
import { OpenedPages } from './opened-pages.ts';

const REASON = 'Acme’s new invoices carry 20 % tax, where its contract says 10 %';
const CHANGE = 'change the setting tax, once';
const EXACTLY = 'With exactly: value "10 %".';

describe('A setting that is changed by asking for it, in a browser', () => {
  let opened: OpenedPages;
  let maria: Page;
  let sam: Page;

  beforeAll(async () => {
    // Another value than was asked for is more than the default lets an approval give.
    opened = await OpenedPages.open('preset: default\napproval: { mayWiden: true }\n');
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    maria = (await opened.windowOf('Maria Ortiz', { viewport: { width: 360, height: 740 } })).page;
    sam = (await opened.windowOf('Sam Lee')).page;
  });
  afterAll(() => opened.close());

  const value = () => sam.getByRole('combobox', { name: 'Exactly which value' });
  const chosen = () => value().locator('option:checked').textContent();
  const save = (value: string) => opened.sends(sam, '/settings/tax', { value });

  it('is refused in a visit that looks, and the refusal takes its value along (S1-30)', async () => {
    await sam.goto('/staff/start?case=CASE-123');
    await sam.getByRole('radio', { name: /^Trouble signing in/ }).check();
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(REASON);
    await sam.getByRole('button', { name: 'Start support session' }).click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await sam.goto(`${opened.story.demoUrl}/settings`);
    await save('10 %');
    await sam.getByText(`Ask to ${CHANGE}. ${EXACTLY}`).waitFor();
    await sam.getByRole('link', { name: 'Ask for it' }).click();
    expect(await chosen()).toBe('10 %');
    expect(await sam.getByRole('textbox', { name: 'Which setting' }).inputValue()).toBe('tax');
  });

  it('isn’t asked for with a value that the product doesn’t take, and the link’s isn’t replaced unsaid', async () => {
    const NOT_TAKEN = '"11 %" is not among what the product takes. Choose another.';
    await sam.goto(
      `/staff/ask?case=CASE-123&action=settings.change&target=tax&args=${encodeURIComponent('{"value":"11 %"}')}`,
    );
    await sam.getByText(NOT_TAKEN).waitFor();
    expect(await chosen()).toBe('"11 %" (not taken)');
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(REASON);
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await sam.getByText(NOT_TAKEN).waitFor();
    await focused(value());
    expect(await faultsIn(opened, sam, 'staff-ask-choice')).toEqual({});
    // What is about something else, of which the catalogue says nothing, may be any text.
    await sam.getByRole('textbox', { name: 'Which setting' }).fill('currency');
    expect(await sam.getByRole('textbox', { name: 'Exactly which value' }).inputValue()).toBe('11 %');
    const { err } = await opened.story.command(
      ...['request', 'acme', '--as', 'sam', '--case', 'CASE-123', '--kind', 'write', '--reason', REASON],
      ...['--action', 'settings.change', '--target', 'tax', '--args', '{"value":"11 %"}'],
    );
    expect(err).toBe('To change the setting tax takes “0 %”, “10 %” or “20 %” as the argument “value”.\n');
  });

  it('isn’t asked for without its value', async () => {
    await sam.goto('/staff/ask?case=CASE-123&action=settings.change&target=tax');
    expect(await chosen()).toBe('Choose one');
    expect(await value().getByRole('option').allInnerTexts()).toEqual(['Choose one', '0 %', '10 %', '20 %']);
    await sam.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(REASON);
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await sam.getByText('Say the value that it is done with: another is refused later.').waitFor();
    await value().selectOption('10 %');
    await sam.getByText(`for CASE-123: “${REASON}”. ${EXACTLY}`).waitFor();
    await sam.getByRole('button', { name: 'Ask for access' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your requests' }).waitFor();
  });

  it('shows the owner the value before and behind the press, on a phone (WCAG 1.4.10)', async () => {
    const card = maria.getByRole('article', { name: /^Write request from Sam Lee/ });
    await card.getByText('"10 %"', { exact: true }).first().waitFor();
    await card.getByRole('button', { name: /^Approve once/ }).click();
    const review = card.getByRole('form', { name: 'Read, then approve' });
    await review.getByText('"10 %"', { exact: true }).waitFor();
    await review.getByText(EXACTLY).waitFor();
    expect(await maria.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await review.getByRole('button', { name: 'Approve once' }).click();
    await maria.getByText('You approved Sam’s request.').waitFor();
  });

  it('is done with this value, and with no other (S0-26)', async () => {
    const approved = sam.getByRole('article', { name: `Approved, once: to ${CHANGE}` });
    await approved.getByText('"10 %"', { exact: true }).waitFor();
    await approved.getByRole('button', { name: /^Start visit/ }).click();
    await sam.getByRole('region', { name: 'Support session' }).getByText(EXACTLY).first().waitFor();
    await sam.goto(`${opened.story.demoUrl}/settings`);
    await save('0 %');
    await sam.getByText(`Approved was to change the setting tax. ${EXACTLY}`).waitFor();
    await sam.goto(`${opened.story.demoUrl}/settings`);
    await save('10 %');
    await sam.getByText('Change the setting tax: done.').first().waitFor();
  });

  it('stays as wide as a phone, whatever it is about, and shows what can’t be seen (WCAG 1.4.10, T25)', async () => {
    const long = 'x'.repeat(200);
    const asked = ['--action', 'settings.change', '--target', long, '--args', `{"value":"a\\u202eb","of":["${long}"]}`];
    const about = ['--as', 'sam', '--case', 'CASE-123', '--kind', 'write', '--reason', REASON];
    const { out } = await opened.story.command('request', 'acme', ...about, ...asked);
    expect(out).toContain('"value":"a\\u202eb"');
    const card = maria.getByRole('article', {
      name: `Write request from Sam Lee to change the setting “${long}”, once`,
    });
    await card.getByText('"a\\u202eb"', { exact: true }).waitFor();
    await card.getByText(`["${long}"]`, { exact: true }).waitFor();
    expect(await maria.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await sam.goto('/staff/requests');
    await sam.setViewportSize({ width: 360, height: 740 });
    await sam.getByText('"a\\u202eb"', { exact: true }).waitFor();
    expect(await sam.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('is allowed with another value than was asked for, both side by side, and confirmed so (S4-26, S4-32)', async () => {
    const about = ['--as', 'sam', '--case', 'CASE-123', '--kind', 'write', '--reason', REASON];
    const asked = ['--action', 'settings.change', '--target', 'currency', '--args', '{"of":[1,2],"value":"USD"}'];
    await opened.story.command('request', 'acme', ...about, ...asked);
    const card = maria.getByRole('article', {
      name: 'Write request from Sam Lee to change the setting currency, once',
    });
    await card.getByRole('button', { name: 'Approve with changes' }).click();
    const form = card.getByRole('form', { name: 'What Sam may do' });
    const press = form.getByRole('button', { name: 'Approve with changes' });
    const other = form.getByRole('textbox', { name: 'Exactly which of' });
    await other.fill('[1,');
    await form.getByRole('alert').getByText('It must be JSON: a text stands in quotes.').waitFor();
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    await other.fill('[1,2]');
    await form.getByText('Nothing is changed yet').waitFor();
    const on = form.getByRole('textbox', { name: 'On which one' });
    await on.fill('tax\u202e');
    await form.getByText('This id holds characters that can’t be seen or that turn text around.').waitFor();
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    await on.fill('');
    await form.getByText('Name the one by its id, as the product does.').waitFor();
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    // On another one the product can take other values.
    await form.getByRole('textbox', { name: 'On which one' }).fill('tax');
    await form.getByText('"USD" is not among what the product takes. Choose another.').waitFor();
    expect(await press.getAttribute('aria-disabled')).toBe('true');
    expect(await faultsIn(opened, maria, 'owner-trim-choice')).toEqual({});
    await maria.setViewportSize({ width: 360, height: 740 });
    await form.getByRole('combobox', { name: 'Exactly which value' }).selectOption('20 %');
    await form.getByText('With exactly: of [1,2], value "20 %" where "USD" was asked for.').waitFor();
    await form.getByRole('textbox', { name: 'On which one' }).fill('currency');
    await form.getByRole('textbox', { name: 'Exactly which value' }).fill('EUR');
    await form.getByText('You allow another thing than was asked').waitFor();
    const row = form.getByRole('row').filter({ has: maria.getByRole('rowheader', { name: 'With value' }) });
    expect(await row.getByRole('cell').allInnerTexts()).toEqual(['"USD"', '"EUR"']);
    await form.getByText('With exactly: of [1,2], value "EUR" where "USD" was asked for.').waitFor();
    expect(await maria.evaluate('document.documentElement.scrollWidth')).toBe(360);
    await press.click();
    // Approving a change takes a proof of who one is from the last minutes: Maria's is.
    await maria.getByText('You approved Sam’s request with changes.').waitFor();
    const changed = sam.getByRole('article', { name: 'Approved with changes: to change the setting currency, once' });
    await changed.getByText('It was changed: read what you may do now').waitFor();
    await changed.getByRole('row').filter({ hasText: 'With value' }).getByText('"EUR"').waitFor();
    await changed.getByRole('button', { name: /^Confirm and start/ }).waitFor();
  });
});
