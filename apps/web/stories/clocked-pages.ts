import { jest } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { FernwayWithService } from '../../demo/stories/fernway-with-service.ts';
import { withPolicyFile } from '../../demo/stories/with-policy.ts';
import { launchBrowser } from '../testing/browser.ts';
import { Windows } from './opened-pages.ts';
import { Renewals } from './renewals.ts';

/** Far ahead of every machine's own clock: no browser takes a cookie for one that has run out. */
const START = Date.parse('2031-03-04T09:00:00.000Z');
const MINUTE = 60_000;
/** All but the clock: what waits, waits for real. */
const REAL = [
  ...(['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'] as const),
  ...(['nextTick', 'queueMicrotask', 'hrtime', 'performance'] as const),
];

/** What was complained of, apart from questions that were under way when the clock jumped over their token's end. */
export function apartFromLateTokens(complaints: readonly (readonly string[])[]): string[][] {
  return complaints.map((heard) => heard.filter((text) => !/401 \(Unauthorized\) \/graphql$/.test(text)));
}

/**
 * Service and demo in this process, with the built-in sign-in, and a browser that looks at them. All live by one clock,
 * which stands until it is set.
 */
export class ClockedPages extends Windows {
  readonly story: FernwayWithService;
  readonly #pages = new Set<Page>();
  readonly #renewals = new Renewals();

  private constructor(story: FernwayWithService, browser: Browser) {
    super(browser, story.service.url);
    this.story = story;
  }

  /** @param policy the policy's file. */
  static async open(policy = 'preset: default\n'): Promise<ClockedPages> {
    jest.useFakeTimers({ now: START, doNotFake: [...REAL] });
    const own = { timekeeper: true, trustedDocuments: 'enforce' as const };
    const story = await withPolicyFile(policy, (policyFile) => FernwayWithService.start({ ...own, policyFile }));
    try {
      return new ClockedPages(story, await launchBrowser());
    } catch (error) {
      await story.close();
      throw error;
    }
  }

  override async window(options: BrowserContextOptions = {}) {
    const opened = await super.window(options);
    this.#pages.add(opened.page);
    await opened.page.context().clock.setFixedTime(Date.now());
    await this.#renewals.watch(opened.page.context());
    return opened;
  }

  /** The clock of everybody goes on at once: of the service, the sign-in, the product and every window. */
  async pass(minutes: number): Promise<void> {
    // A code that the clock jumps over has run out before the page can give it back for a token.
    await this.#renewals.settled();
    const now = Date.now() + minutes * MINUTE;
    jest.setSystemTime(now);
    this.story.service.now = now;
    for (const page of this.#pages) await page.context().clock.setFixedTime(now);
  }

  /** Through the sign-in, where the page asked for a proof of who somebody is, and back. */
  async proveAgain(page: Page, name: string): Promise<void> {
    const back = page.url();
    const dialog = page.getByRole('dialog', { name: 'Prove who you are again' });
    await dialog.getByRole('button', { name: 'Sign in again' }).click();
    await page.getByRole('button', { name: `Sign in again as ${name}` }).click();
    await page.waitForURL((url) => url.pathname === new URL(back).pathname);
  }

  /** Facts of Acme's book of some kinds, in order. */
  async facts(...kinds: readonly string[]): Promise<[type: string, data: Record<string, unknown>][]> {
    const { service } = this.story;
    const facts = await service.facts(`workspace-${service.workspaceId('acme')}`);
    return facts.filter(({ type }) => kinds.includes(type)).map(({ type, data }) => [type, data]);
  }

  override async close(): Promise<void> {
    await super.close();
    await this.story.close();
    jest.useRealTimers();
  }
}
