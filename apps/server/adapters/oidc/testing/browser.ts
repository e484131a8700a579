import { CookieJar } from '../../../../cli/sign-in.ts';

/** Where a browser got to: the last page, or the address outside the issuer that it was sent `back` to. */
export interface Arrival {
  readonly response: Response;
  readonly page: string;
  readonly back?: URL;
}

/**
 * As much of a browser as signing in needs: cookies, redirects and one form. It stays at the origin of the first
 * address and does not follow further than that.
 */
export class Browser {
  readonly #jar = new CookieJar();
  /** Of the page that is shown. */
  address = '';
  #action = '';

  /** `sub` of each person who can be pressed, in the order of the page. */
  static peopleOn(page: string): string[] {
    return [...page.matchAll(/<button name="person" value="([^"]+)"/g)].map((match) => match[1]!);
  }

  async open(address: string): Promise<Arrival> {
    return this.#go(new URL(address));
  }

  async press(person: string): Promise<Arrival> {
    return this.post({ person });
  }

  async post(form: Readonly<Record<string, string>>): Promise<Arrival> {
    return this.#go(new URL(this.#action, this.address), new URLSearchParams(form));
  }

  async signIn(address: string, person: string): Promise<Arrival> {
    await this.open(address);
    return this.press(person);
  }

  async #go(url: URL, form?: URLSearchParams): Promise<Arrival> {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      ...(form && { body: form }),
      headers: { accept: 'text/html', cookie: this.#jar.headerFor(url) },
      redirect: 'manual',
    });
    this.#jar.keep(url, response.headers.getSetCookie());
    const location = response.headers.get('location');
    const page = await response.text();
    if (location !== null) {
      const next = new URL(location, url);
      const leaves = next.origin !== url.origin || !next.pathname.startsWith('/oidc/');
      return leaves ? { response, page, back: next } : this.#go(next);
    }
    this.address = url.href;
    this.#action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? this.#action;
    return { response, page };
  }
}
