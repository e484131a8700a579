import type { BrowserContext, Page } from 'playwright-core';
import { EventEmitter, once } from 'node:events';

const AUTHORIZATION = /\/oidc\/\w+\/auth\?/;
const TOKEN = /\/oidc\/\w+\/token$/;

/** The pages that are signing in again in the background: between the question for a code and the token for it. */
export class Renewals {
  readonly #under = new Set<Page>();
  readonly #ended = new EventEmitter();

  async watch(context: BrowserContext): Promise<void> {
    // A route is told before the question leaves: nobody looks between the two.
    await context.route(AUTHORIZATION, (route, request) => {
      if (request.resourceType() === 'fetch') this.#under.add(request.frame().page());
      return route.continue();
    });
    context.on('requestfailed', (request) => {
      if (AUTHORIZATION.test(request.url()) || TOKEN.test(request.url())) this.#end(request.frame().page());
    });
    context.on('requestfinished', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      const withoutCode = pathname === '/signed-in' && !searchParams.has('code');
      if (withoutCode || TOKEN.test(pathname)) this.#end(request.frame().page());
    });
    context.on('page', (page) => this.#forgetWithItsPage(page));
    for (const page of context.pages()) this.#forgetWithItsPage(page);
  }

  /** Resolves once no page is amid one. */
  async settled(): Promise<void> {
    while (this.#under.size > 0) await once(this.#ended, 'one');
  }

  /** A page that went elsewhere or was closed asks for no token any more. */
  #forgetWithItsPage(page: Page): void {
    page.on('close', () => this.#end(page));
    page.on('framenavigated', (frame) => {
      if (frame === page.mainFrame()) this.#end(page);
    });
  }

  #end(page: Page): void {
    if (this.#under.delete(page)) this.#ended.emit('one');
  }
}
