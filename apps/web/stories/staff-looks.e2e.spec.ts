import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Route } from 'playwright-core';
import { seriousFindings } from '../testing/browser.ts';
import { GOOD, POOR } from '../staff/reason.ts';
import { faultsIn } from './faults.ts';
import { LOOKS, OpenedPages } from './opened-pages.ts';

const LONG = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft of Acme';

describe('Every staff screen, from phone to desk, light and dark', () => {
  let opened: OpenedPages;
  let sam: Page;
  let complaints: string[];
  const looks = async (name: string) => expect(await faultsIn(opened, sam, name)).toEqual({});
  const reason = () => sam.getByRole('textbox', { name: 'What are you going in to find out?' });
  const start = () => sam.getByRole('button', { name: 'Start support session' });
  /** Answers the next starts in the service's place. */
  const answered = async (answer: (route: Route) => Promise<void>, then: () => Promise<void>) => {
    const instead = (route: Route) =>
      route.request().postData()?.includes('mutation StartSession') ? answer(route) : route.continue();
    await sam.route('**/graphql', instead);
    await start().click();
    await then();
    await sam.unroute('**/graphql', instead);
  };

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page: sam, complaints } = await opened.windowOf('Sam Lee'));
  });
  afterAll(() => opened.close());

  it('nobody was anywhere yet', async () => {
    await sam.getByText('You come in with a reason that the customer reads').waitFor();
    await looks('staff-empty');
  });

  it('the form, with nothing chosen and a reason that says nothing', async () => {
    await sam.goto('/staff/start?case=CASE-999');
    await reason().fill(POOR);
    await start().click();
    await sam.getByText('Choose the case that you go in for.').waitFor();
    await sam.getByText('Sam Lee came in for').waitFor();
    await looks('staff-start-errors');
  });

  it('the form, filled in', async () => {
    await sam.goto('/staff/start?case=CASE-123');
    await reason().fill(GOOD);
    await sam.getByText('Sam Lee came in for CASE-123').waitFor();
    await sam.getByText('Open Dashboard, Billing').waitFor();
    await looks('staff-start');
  });

  it('staff access is off', async () => {
    await start().click();
    await sam.getByText('Staff access to Acme Co is off').waitFor();
    await looks('staff-start-off');
  });

  it('no answer came', async () => {
    await answered(
      (route) => route.abort(),
      () => sam.getByText('It isn’t known here whether your visit began.').waitFor(),
    );
    await looks('staff-start-unknown');
  });

  it('identity is asked for again', async () => {
    const stepUp = { __typename: 'StepUpRequired', code: 'STEP_UP_REQUIRED', message: '', field: [] };
    const userErrors = [{ ...stepUp, maxAge: 900, acrValues: [] }];
    await answered(
      (route) => route.fulfill({ json: { data: { startSession: { entryCode: null, enterUrl: null, userErrors } } } }),
      () => sam.getByRole('dialog').waitFor(),
    );
    await looks('staff-step-up');
    await sam.keyboard.press('Escape');
  });

  it('the visit, in the product, and in the console', async () => {
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    await start().click();
    await opened.throughTheDoor(sam, 'Sam Lee');
    await sam.goto(`${opened.story.demoUrl}/billing`);
    for (const look of LOOKS) {
      await opened.picture(sam, 'product-visit', look);
      expect([look, await seriousFindings(sam)]).toEqual([look, []]);
    }
    await sam.goto(`${opened.story.demoUrl}/customers/cus_81`);
    await opened.picture(sam, 'product-refused', LOOKS[4]!);
    await sam.goto('/staff');
    await sam.getByText('What you can and can’t do').click();
    await sam.getByRole('region', { name: 'Refused' }).getByText('tried to open Customer').waitFor();
    await looks('staff-visit');
  });

  it('offline, with what was read last', async () => {
    await sam.context().setOffline(true);
    await sam.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor();
    await sam
      .getByText(/^Not updated for/)
      .first()
      .waitFor();
    await looks('staff-offline');
    await sam.context().setOffline(false);
    await sam
      .getByText(/^Updated/)
      .first()
      .waitFor();
  });

  it('the visit has ended: in the product, and in the console', async () => {
    await opened.story.command('access', 'off', 'acme', '--as', 'maria');
    await sam.goto(`${opened.story.demoUrl}/invoices`);
    for (const look of LOOKS) {
      await opened.picture(sam, 'product-ended', look);
      expect([look, await seriousFindings(sam)]).toEqual([look, []]);
    }
    await sam.getByRole('link', { name: 'What was recorded' }).click();
    await sam.getByText('The customer turned staff access off.').waitFor();
    await looks('staff-ended');
    await sam.getByRole('link', { name: 'Your visits' }).click();
    await sam.getByRole('link', { name: 'Acme Co, CASE-123' }).waitFor();
    await looks('staff-visits');
  });

  it('names as long as names can be', async () => {
    await sam.getByRole('link', { name: 'Acme Co, CASE-123' }).click();
    await sam.getByText('The customer turned staff access off.').waitFor();
    const lengthen = `(() => {
      for (const element of document.querySelectorAll('h1, .big, .say p:first-child, blockquote, dd, .brand span, .btn'))
        element.append(' ${LONG}');
    })()`;
    await sam.evaluate(lengthen);
    await looks('staff-long-names');
  });

  it('keeps shape and word where the system forces its colours', async () => {
    await sam.goto('/staff/start?case=CASE-123');
    await reason().waitFor();
    await sam.emulateMedia({ forcedColors: 'active' });
    await sam.screenshot({ path: '.tmp/screens/staff-forced-colours.png', fullPage: true });
    await sam.emulateMedia({ forcedColors: 'none' });
  });

  it('complained of nothing but what was cut on purpose', () => {
    const onPurpose = /ERR_INTERNET_DISCONNECTED|ERR_FAILED|403/;
    expect(complaints.filter((text) => !onPurpose.test(text))).toEqual([]);
  });
});
