import type { Page } from 'playwright-core';

const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;
const SOON_MS = 5 * 60_000;
const SPENT = /after (?:less than )?\d+ of (\d+) minutes/g;

/**
 * What the service answers from now on, told as if it had taken longer: a visit of seconds looks like one of minutes,
 * with its pauses. Instants before `until` move back from it, those of a moment later stay.
 *
 * @param began of the visit, epoch milliseconds, as `until` is.
 * @param tookMs how long the time between the two is told to have been.
 */
export async function stretch(page: Page, began: number, until: number, tookMs: number): Promise<void> {
  const times = tookMs / (until - began);
  const longer = (until - began) * (times - 1);
  // What was tried a moment after the end stays there; ends that were planned keep their distance from the start.
  const isAhead = (at: number) => at > until + SOON_MS;
  const stretched = (at: number) => {
    if (at < began || isAhead(at)) return at - longer;
    return at > until ? at : Math.round(until - (until - at) * times);
  };
  const asked = (at: number) => {
    const back = until - (until - at) / times;
    if (at > until) return at;
    return back < began ? at + longer : Math.round(back);
  };
  const each = (text: string, told: (at: number) => number) =>
    text.replace(INSTANT, (instant) => new Date(told(Date.parse(instant))).toISOString());
  await page.route('**/graphql', async (route) => {
    const response = await route.fetch({ postData: each(route.request().postData() ?? '', asked) });
    const text = await response.text();
    const told = each(text, stretched).replace(
      SPENT,
      (_, of: string) => `after ${Math.floor(((until - began) * times) / 60_000)} of ${of} minutes`,
    );
    await route.fulfill({ response, body: told });
  });
}
