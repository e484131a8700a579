import { chromium as playwright, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

/** Chromium: the packaged one on Linux, the system's Chrome elsewhere. */
export async function launchBrowser(): Promise<Browser> {
  if (process.platform !== 'linux' || process.arch !== 'x64') return playwright.launch({ channel: 'chrome' });
  const executablePath = join(unpackedChromium(), 'chromium');
  return playwright.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--font-render-hinting=none'] });
}

/** The folder with the packaged Chromium, unpacked once for all processes that run tests. */
function unpackedChromium(): string {
  const { version } = JSON.parse(readFileSync('node_modules/@sparticuz/chromium/package.json', 'utf8')) as {
    version: string;
  };
  const cache = join(process.cwd(), 'node_modules', '.cache');
  const unpacked = join(cache, `chromium-${version}`);
  if (existsSync(unpacked)) return unpacked;
  mkdirSync(cache, { recursive: true });
  // Half of one can't be started: it gets its name when it is whole.
  const folder = mkdtempSync(`${unpacked}-`);
  // It unpacks into the folder for temporary files. A process of its own is told another one: what a test sets in its
  // environment, Node's own modules don't see.
  const unpack = `const { default: chromium } = await import('@sparticuz/chromium'); await chromium.executablePath();`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', unpack], {
    env: { ...process.env, TMPDIR: folder },
  });
  try {
    renameSync(folder, unpacked);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(unpacked)) throw error;
    rmSync(folder, { recursive: true });
  }
  return unpacked;
}

/**
 * How long something that must come is waited for. It says nothing of how soon it comes: a machine that others share
 * stands still for seconds, and is ten times slower than another one.
 */
const PATIENCE_MS = 30_000;

/** A window of its own: nobody is signed in there. What the page complains of is kept. */
export async function openWindow(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    baseURL,
    timezoneId: 'Europe/Berlin',
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error') return;
    // What can't be had right now is asked for again.
    if (message.text().includes('503 (Service Unavailable)')) return;
    const from = URL.parse(message.location().url)?.pathname;
    complaints.push(from === undefined ? message.text() : `${message.text()} ${from}`);
  });
  return { page, complaints };
}

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface AxeFinding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

/** What axe finds on the page that is serious or critical, a line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // By the debugger's own way in: the page's policy allows no script that isn't a file of ours. It stays until the next page.
  if (!(await page.evaluate(`'axe' in window`))) await page.evaluate(AXE);
  const findings = (await page.evaluate(`axe.run(document, { resultTypes: ['violations'] })`)) as {
    violations: readonly AxeFinding[];
  };
  return findings.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}
