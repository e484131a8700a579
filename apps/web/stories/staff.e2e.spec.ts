import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page, Request, Route } from 'playwright-core';
import { GOOD, POOR } from '../staff/reason.ts';
import { focused } from './focus.ts';
import { OpenedPages } from './opened-pages.ts';

const isStart = (request: Request) => request.postData()?.includes('mutation StartSession') ?? false;
const sentWith = (request: Request) =>
  (JSON.parse(request.postData()!) as { variables: { input: Record<string, unknown> & { commandId: string } } })
    .variables.input;

describe('The staff pages, in a browser', () => {
  let opened: OpenedPages;
  let sam: Page;
  let complaints: string[];
  const reason = () => sam.getByRole('textbox', { name: 'What are you going in to find out?' });
  const start = () => sam.getByRole('button', { name: 'Start support session' });
  const toStart = async (query = '?case=CASE-123') => {
    await sam.goto(`/staff/start${query}`);
    await reason().waitFor();
  };
  const section = (name: string) => sam.getByRole('region', { name });

  beforeAll(async () => {
    opened = await OpenedPages.open();
    ({ page: sam, complaints } = await opened.windowOf('Sam Lee'));
  });
  afterAll(() => opened.close());

  it('say what a visit is to whoever never had one', async () => {
    await sam.getByRole('heading', { level: 1, name: 'Your visits' }).waitFor();
    await section('Now').getByText('You are in no customer’s workspace.').waitFor();
    await section('Now').getByText('You come in with a reason that the customer reads').waitFor();
    await section('Ended').getByText('No visit of yours has ended yet.').waitFor();
    await section('Refused').getByText('Nothing was refused.').waitFor();
    await section('Now').getByRole('link', { name: 'Start a visit' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Start a visit' }).waitFor();
  });

  it('choose what the address names, and nothing that nobody named (S1-14)', async () => {
    const workspace = () => sam.getByRole('combobox', { name: 'Workspace' });
    const openCase = () => sam.getByRole('combobox', { name: 'Open case' });
    await toStart('');
    expect([await workspace().inputValue(), await openCase().inputValue()]).toEqual(['', '']);
    await reason().fill(GOOD);
    await start().click();
    await sam.getByRole('alert').getByText('Choose the case that you go in for.').waitFor();
    await focused(openCase());

    await toStart('?case=CASE-204');
    await sam.getByRole('heading', { level: 1, name: 'Start a visit to Bluebird Bakery for CASE-204' }).waitFor();
    await toStart('?case=CASE-999');
    await sam.getByText('CASE-999 is not an open case that you could visit for.').waitFor();
    expect(await openCase().inputValue()).toBe('');
  });

  it('read the reason along by the rule of the server, and send none that it would refuse (S1-15)', async () => {
    await toStart();
    const sent: string[] = [];
    sam.on('request', (request) => isStart(request) && sent.push(request.url()));
    await reason().fill(POOR);
    await sam.getByText('Name what is wrong and where').waitFor();
    await sam.getByRole('status').getByText('The reason would be refused as it stands.').waitFor();
    await start().click();
    await sam.getByRole('alert').getByText(`“${POOR}” could be about anything.`).waitFor();
    expect(await reason().getAttribute('aria-invalid')).toBe('true');
    await focused(reason());
    await reason().fill(GOOD);
    await sam.getByText('It says what you go in for.').waitFor();
    expect(await reason().getAttribute('aria-invalid')).toBe(null);
    expect(sent).toEqual([]);
  });

  it('ask again by themselves where nothing could be decided just then, with the same command', async () => {
    const message = 'This can’t be decided right now. Try again.';
    const asked: string[] = [];
    const undecided = async (route: Route) => {
      const request = route.request();
      const isChoices = request.postData()?.includes('query StartChoices') ?? false;
      if (!isChoices && !isStart(request)) return route.continue();
      const what = isChoices ? 'choices' : sentWith(request).commandId;
      asked.push(what);
      if (asked.indexOf(what) < asked.length - 1) return route.continue();
      if (isChoices)
        return route.fulfill({ json: { data: null, errors: [{ message, extensions: { code: 'TRY_AGAIN' } }] } });
      const userErrors = [{ __typename: 'TryAgain', code: 'TRY_AGAIN', message, field: [] }];
      return route.fulfill({ json: { data: { startSession: { entryCode: null, enterUrl: null, userErrors } } } });
    };
    await sam.route('**/graphql', undecided);
    await toStart();
    await reason().fill(GOOD);
    await start().click();
    await sam.getByRole('alert').getByText('Staff access to Acme Co is off').waitFor();
    await sam.unroute('**/graphql', undecided);
    expect(asked).toEqual(['choices', 'choices', asked[2], asked[2]]);
  });

  it('show nothing of a workspace whose owner has staff access off, and keep what was typed (S3-14)', async () => {
    const alert = sam.getByRole('alert');
    await alert.getByText('Staff access to Acme Co is off').waitFor();
    await alert.getByText('Nothing of Acme Co is shown.').waitFor();
    expect(await reason().inputValue()).toBe(GOOD);
    await sam.getByRole('link', { name: 'My visits' }).click();
    const line = section('Refused').getByRole('listitem').filter({ hasText: 'tried to start a visit for CASE-123' });
    await line.getByText('Staff access to this workspace is off.').waitFor();
    await line.getByRole('link', { name: 'start again' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Start a visit to Acme Co for CASE-123' }).waitFor();
  });

  it('ask to prove identity again, and come back to the same form with everything in it (RFC 9470)', async () => {
    await opened.story.command('access', 'on', 'acme', '--as', 'maria');
    await toStart();
    await reason().fill(GOOD);
    await sam.getByRole('radio', { name: /^Missing inquiry/ }).check();
    await sam.getByRole('radio', { name: '15 min' }).check();
    const ids: string[] = [];
    const challenged = async (route: Route) => {
      if (!isStart(route.request())) return route.continue();
      ids.push(sentWith(route.request()).commandId);
      const stepUp = {
        __typename: 'StepUpRequired',
        code: 'STEP_UP_REQUIRED',
        message: '',
        field: [],
        maxAge: 0,
        acrValues: [],
      };
      const startSession = { entryCode: null, enterUrl: null, userErrors: [stepUp] };
      return route.fulfill({ json: { data: { startSession } } });
    };
    await sam.route('**/graphql', challenged);
    await start().click();
    const dialog = sam.getByRole('dialog', { name: 'Prove who you are again' });
    await dialog.getByText(`Sam Lee came in for CASE-123 to look, for up to 15 minutes: “${GOOD}”`).waitFor();
    await sam.unroute('**/graphql', challenged);
    await dialog.getByRole('button', { name: 'Not now' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(await reason().inputValue()).toBe(GOOD);

    await sam.route('**/graphql', challenged);
    await start().click();
    await Promise.all([
      sam.waitForURL((url) => url.searchParams.get('max_age') === '0' || url.pathname.includes('/sign-in/')),
      dialog.getByRole('button', { name: 'Sign in again' }).click(),
    ]);
    await sam.unroute('**/graphql', challenged);
    await sam.getByRole('button', { name: /Sam/ }).first().click();
    await reason().waitFor();
    expect(new URL(sam.url()).pathname + new URL(sam.url()).search).toBe('/staff/start?case=CASE-123');
    expect(await reason().inputValue()).toBe(GOOD);
    expect(await sam.getByRole('radio', { name: /^Missing inquiry/ }).isChecked()).toBe(true);
    expect(await sam.getByRole('radio', { name: '15 min' }).isChecked()).toBe(true);
    await sam.getByText(/^You proved who you are at \d\d:\d\d\.$/).waitFor();
    // Nothing was written: it is the same start all along.
    expect(new Set(ids).size).toBe(1);
  });

  it('start once, however often it is pressed while no answer comes (S4-33)', async () => {
    await sam.getByRole('radio', { name: /^Failed invoice sync/ }).check();
    const ids: string[] = [];
    const lost = async (route: Route) => {
      if (!isStart(route.request())) return route.continue();
      ids.push(sentWith(route.request()).commandId);
      if (ids.length > 1) return route.continue();
      // It was decided and written; its answer never arrives.
      await route.fetch();
      return route.abort('connectionreset');
    };
    await sam.route('**/graphql', lost);
    await start().click();
    await sam.getByRole('alert').getByText('It isn’t known here whether your visit began.').waitFor();
    expect(await reason().inputValue()).toBe(GOOD);
    await start().click();
    // The product doesn't know Sam yet: the code waits while he signs in there.
    await sam.getByRole('heading', { name: 'Sign in to Fernway' }).waitFor();
    await sam.unroute('**/graphql', lost);
    await opened.throughTheDoor(sam, 'Sam Lee');
    const banner = sam.getByRole('region', { name: 'Support session' });
    await banner.getByText('You, Sam Lee, are in Acme Co for CASE-123').waitFor();
    expect(ids).toEqual([ids[0], ids[0]]);
    expect(sam.url()).toBe(`${opened.story.demoUrl}/`);
  });

  it('show the visit that goes on, with the lists that were promised, and follow it live', async () => {
    await sam.goto('/staff');
    const row = sam.getByRole('article', { name: 'Acme Co for CASE-123' });
    await row.getByText('You look at Dashboard').waitFor();
    await row.getByText(/\b1[0-5] min left/).waitFor();
    await row.getByText('What you can and can’t do').click();
    const can = await row.getByRole('listitem').allInnerTexts();
    await toStart();
    const opens = section('The job').getByRole('list').getByRole('listitem');
    await opens.first().waitFor();
    expect(can).toEqual(await opens.allInnerTexts());
    expect(can[0]).toBe('Open Dashboard, Billing, Invoices, Invoice and Integrations');
  });

  it('start no second visit beside it, and lead to the first', async () => {
    await reason().fill('Missing inquiry INQ-1007 since Monday');
    await start().click();
    await sam.getByRole('alert').getByText('You are in a visit already.').waitFor();
    await sam.getByRole('link', { name: 'See the visit that you are in' }).click();
    await sam.getByRole('article', { name: 'Acme Co for CASE-123' }).waitFor();
  });

  it('exit by one press, say why it ended, and lead to a new visit for what is not solved (S1-79)', async () => {
    await sam.getByRole('button', { name: 'Exit this visit' }).click();
    await sam.getByRole('status').getByText('You have left Acme Co.').waitFor();
    await section('Now').getByText('You are in no customer’s workspace.').waitFor();
    await section('Ended').getByRole('link', { name: 'Acme Co, CASE-123' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Your visit to Acme Co has ended' }).waitFor();
    await sam.getByText('You left. Nothing of Acme Co is open any more.').waitFor();
    const recorded = section('What was recorded');
    await recorded.getByRole('blockquote').filter({ hasText: GOOD }).waitFor();
    await recorded.getByRole('definition').filter({ hasText: 'Maria Ortiz had turned staff access on.' }).waitFor();
    await recorded.getByText('1 page', { exact: true }).waitFor();
    await sam.getByRole('link', { name: 'Start a new visit for CASE-123' }).click();
    await sam.getByRole('heading', { level: 1, name: 'Start a visit to Acme Co for CASE-123' }).waitFor();
    expect(await reason().inputValue()).toBe('');
  });

  it('say so where they can’t be reached, and go on by themselves', async () => {
    await sam.goto('/staff');
    await section('Now')
      .getByText(/^Updated/)
      .waitFor();
    await sam.context().setOffline(true);
    await sam.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor();
    await sam.context().setOffline(false);
    await sam.getByRole('alert').getByText('Gatebook can’t be reached.').waitFor({ state: 'detached' });
  });

  it('tell whoever may not visit so, and nothing of a visit that is not theirs', async () => {
    const { page: jonas } = await opened.windowOf('Jonas Weber');
    await jonas.goto('/staff/start?case=CASE-123');
    await jonas.getByText('There is no open case that you could visit a customer for.').waitFor();
    await jonas.goto('/staff/visit/ses_01999999-9999-7999-8999-999999999999');
    await jonas.getByRole('heading', { level: 1, name: 'No such visit' }).waitFor();
    await jonas.context().close();
  });

  it('complained of nothing but what was cut on purpose', () => {
    expect(complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET/.test(text))).toEqual([]);
  });
});
