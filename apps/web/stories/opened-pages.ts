import { mkdirSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Person } from '../../demo/testing/person.ts';
import { RunningStory } from '../../demo/stories/running-story.ts';
import { withPolicyFile } from '../../demo/stories/with-policy.ts';
import { GOOD } from '../staff/reason.ts';
import { launchBrowser, openWindow } from '../testing/browser.ts';

const SCREENS = '.tmp/screens';
const MOST_AGAIN = 20;
export const WIDTHS = [320, 768, 1280] as const;
export const SCHEMES = ['light', 'dark'] as const;
export type Look = { readonly width: (typeof WIDTHS)[number]; readonly scheme: (typeof SCHEMES)[number] };
export const LOOKS: readonly Look[] = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => ({ width, scheme })));

/**
 * Has whoever is in the window open again what can't be opened right now, as a person does: a yes of the service holds for
 * a second, and a machine that others share stands still for longer.
 */
function openedAgain(page: Page): void {
  let times = 0;
  page.on('response', (response) => {
    const request = response.request();
    if (response.status() !== 503 || !request.isNavigationRequest() || request.method() !== 'GET') return;
    // Whoever waits for the page has it by then.
    if (times++ < MOST_AGAIN) page.once('load', () => void page.reload().catch(() => undefined));
  });
}

/** A browser that looks at the service and the demo, wherever they run. */
export abstract class Windows {
  readonly #browser: Browser;
  readonly #serviceUrl: string;

  protected constructor(browser: Browser, serviceUrl: string) {
    mkdirSync(SCREENS, { recursive: true });
    this.#browser = browser;
    this.#serviceUrl = serviceUrl;
  }

  /** A window in which nobody is signed in. */
  async window(options: BrowserContextOptions = {}) {
    const opened = await openWindow(this.#browser, this.#serviceUrl, options);
    openedAgain(opened.page);
    return opened;
  }

  /** A window in which somebody is signed in, by one press on the first page. */
  async windowOf(name: string, options: BrowserContextOptions = {}): Promise<{ page: Page; complaints: string[] }> {
    const opened = await this.window(options);
    await opened.page.goto('/');
    await opened.page.getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await opened.page.getByText(new RegExp(`^${name},`)).waitFor();
    return opened;
  }

  /** The owner's window and a staff member's, each signed in, and what they complain of. */
  async mariaAndSam(options: BrowserContextOptions = {}): Promise<{ maria: Page; sam: Page; complaints: string[][] }> {
    const maria = await this.windowOf('Maria Ortiz', options);
    const sam = await this.windowOf('Sam Lee', options);
    return { maria: maria.page, sam: sam.page, complaints: [maria.complaints, sam.complaints] };
  }

  /** The owner turns staff access on, on the owner's page. */
  async turnOn(owner: Page): Promise<void> {
    await owner.getByRole('switch', { name: 'Allow staff to open my workspace' }).click();
    await owner.getByRole('button', { name: 'Turn staff access on' }).click();
    await owner.getByText(/^On until/).waitFor();
  }

  /** The staff member begins a visit to look, for Acme's case, and is in the product with it. */
  async visitToLook(staff: Page, { reason = GOOD, minutes }: { reason?: string; minutes?: 15 | 30 | 60 } = {}) {
    await staff.goto('/staff/start?case=CASE-123');
    await staff.getByRole('textbox', { name: 'What are you going in to find out?' }).fill(reason);
    if (minutes !== undefined) await staff.getByRole('radio', { name: `${minutes} min` }).check();
    await staff.getByRole('button', { name: 'Start support session' }).click();
    await this.throughTheDoor(staff, 'Sam Lee');
  }

  /** From the pressed start into the product, where the staff member isn't signed in yet: the code waits meanwhile. */
  async throughTheDoor(page: Page, name: string): Promise<void> {
    await page.getByRole('heading', { name: 'Sign in to Fernway' }).waitFor();
    await page
      .getByRole('button', { name: new RegExp(name) })
      .first()
      .click();
    await page.getByRole('button', { name: 'Go on into your visit' }).click();
    await page.getByRole('region', { name: 'Support session' }).waitFor();
  }

  /** Sends a form from a page of the product, which draws none itself where nothing may be changed. */
  async sends(page: Page, action: string, fields: Readonly<Record<string, string>> = {}): Promise<void> {
    // What was opened again in between is there by then.
    await page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await page.evaluate(`(() => {
      const form = document.body.appendChild(document.createElement('form'));
      form.method = 'post';
      form.action = ${JSON.stringify(action)};
      for (const [name, value] of Object.entries(${JSON.stringify(fields)}))
        Object.assign(form.appendChild(document.createElement('input')), { name, value });
      setTimeout(() => form.submit());
    })()`);
  }

  /** A picture of the whole page, kept as an artefact of the test. */
  async picture(page: Page, name: string, { width, scheme }: Look): Promise<void> {
    await page.setViewportSize({ width, height: width < 700 ? 700 : 900 });
    // What is looked at stands still, and what comes in meanwhile is there at once.
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.evaluate('window.scrollTo(0, 0)');
    await page.screenshot({
      path: `${SCREENS}/${name}-${width}-${scheme}.png`,
      fullPage: true,
      animations: 'disabled',
    });
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** The built service and demo, each a process of its own, and a browser that looks at them. */
export class OpenedPages extends Windows {
  readonly story: RunningStory;

  private constructor(story: RunningStory, browser: Browser) {
    super(browser, story.serviceUrl);
    this.story = story;
  }

  /** @param policy the policy's file, without a section about visits. */
  static async open(policy = 'preset: default\n'): Promise<OpenedPages> {
    // Every story is told under the rule that browsers are served the pages' own operations and no others.
    const enforce = { GATEBOOK_TRUSTED_DOCUMENTS: 'enforce' };
    // The clock is the machine's own: whoever is signed in has proved who they are for long enough on a slow one, too.
    const story = await withPolicyFile(`${policy}session: { identityMaxAgeSeconds: 3600 }\n`, (policyFile) =>
      RunningStory.start({ ...enforce, GATEBOOK_POLICY: policyFile }),
    );
    try {
      return new OpenedPages(story, await launchBrowser());
    } catch (error) {
      await story.stop();
      throw error;
    }
  }

  /** A staff member starts a visit and is inside, in the product. */
  async visit(sub = 'sam', reason = 'Failed invoice sync since Tuesday'): Promise<Person> {
    const started = await this.story.command(
      ...['sessions', 'start', 'acme', '--as', sub, '--case', 'CASE-123', '--reason', reason, '--json'],
    );
    if (started.code !== 0) throw new Error(started.err);
    const person = this.story.person();
    await person.signIn('/sign-in/staff', sub);
    await person.post('/gatebook/enter', { code: (JSON.parse(started.out) as { entryCode: string }).entryCode });
    return person;
  }

  override async close(): Promise<void> {
    await super.close();
    await this.story.stop();
  }
}
