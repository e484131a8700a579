import { expect } from '@jest/globals';
import type { Person } from '../testing/person.ts';
import type { Said } from './command.ts';
import { shownAs, words, type Played } from './documents.ts';

/** A service with a product beside it, which a document speaks of. */
interface Place {
  gatebook(args: readonly string[]): Promise<Said>;
}

/** Plays what a document says, call by call: a command's ids and codes are those that were printed before. */
export class Playing {
  readonly #place: Place;
  readonly #sam: Person;
  readonly #newest = new Map<string, string>();
  #code = '';

  /** @param sam at the product, where the document has somebody at a browser. */
  constructor(place: Place, sam: Person) {
    this.#place = place;
    this.#sam = sam;
  }

  /** @throws where something else comes of it than the document says. */
  async play({ call, output, at }: Played): Promise<void> {
    if (at === 'browser') {
      expect(await this.#seen(call)).toContain(output);
      return;
    }
    const [, ...args] = words(call).map((word) => this.#filled(word));
    const { out, err } = await this.#place.gatebook(args);
    for (const [id, prefix = ''] of out.matchAll(/\b(req|gr|ses)_[0-9a-z]{26}\b/g)) this.#newest.set(prefix, id);
    this.#code = /with this code:\n(\S+)/.exec(out)?.[1] ?? this.#code;
    expect(out + err).toMatch(shownAs(output));
  }

  /** The page that stands at the browser behind a deed. */
  async #seen(deed: string): Promise<string> {
    const [verb, path = ''] = deed.split(' ');
    if (verb === 'enters') return (await this.#sam.post('/gatebook/enter', { code: this.#code })).page;
    return (await (verb === 'posts' ? this.#sam.post(path) : this.#sam.open(path))).page;
  }

  #filled(word: string): string {
    return word.replace(/^(req|gr|ses)_…$/, (all, prefix: string) => this.#newest.get(prefix) ?? all);
  }
}
