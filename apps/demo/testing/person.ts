import { setTimeout as passed } from 'node:timers/promises';
import { CookieJar } from '../../cli/sign-in.ts';

const NOT_NOW = 503;
const AGAIN_MS = 100;
const MOST_AGAIN = 50;

export interface Seen {
  readonly status: number;
  readonly page: string;
  /** Where the redirects ended. */
  readonly url: URL;
  readonly headers: Headers;
}

/** A person at a browser: cookies, redirects, and one press on a sign-in page. */
export class Person {
  readonly #jar = new CookieJar();
  readonly #demo: string;

  constructor(demo: string) {
    this.#demo = demo;
  }

  /** What can't be opened right now is opened again, as a person does: a yes holds for a second, and machines stand still. */
  async open(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Seen> {
    for (let times = 0; ; times++) {
      const seen = await this.#go(new URL(path, this.#demo), { headers });
      if (seen.status !== NOT_NOW || times === MOST_AGAIN) return seen;
      await passed(AGAIN_MS);
    }
  }

  post(path: string, form: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) {
    const body = new URLSearchParams(form);
    return this.#go(new URL(path, this.#demo), { method: 'POST', body, headers });
  }

  /** Opens an address that leads to the sign-in, picks the person, and comes back. */
  async signIn(path: string, sub: string): Promise<Seen> {
    const asked = await this.open(path);
    const action = /<form method="post" action="([^"]+)"/.exec(asked.page)?.[1] ?? '';
    const body = new URLSearchParams({ person: sub });
    return this.#go(new URL(action, asked.url), { method: 'POST', body });
  }

  async #go(url: URL, init: RequestInit): Promise<Seen> {
    const dest = { 'sec-fetch-dest': 'document', 'sec-fetch-user': '?1', 'sec-fetch-site': 'same-origin' };
    const headers = { accept: 'text/html', ...dest, cookie: this.#jar.headerFor(url), ...init.headers };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    this.#jar.keep(url, response.headers.getSetCookie());
    const page = await response.text();
    const to = response.headers.get('location');
    if (to !== null) return this.#go(new URL(to, url), {});
    return { status: response.status, page, url, headers: response.headers };
  }
}
