import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Person } from '../testing/person.ts';
import { playedIn, shownAs, words } from './documents.ts';
import { FernwayWithService } from './fernway-with-service.ts';

/** The ids that a document leaves out: the newest of its kind that was printed before. */
class Ids {
  readonly #newest = new Map<string, string>();

  heard(text: string): void {
    for (const [id, prefix = ''] of text.matchAll(/\b(req|gr|ses)_[0-9a-z]{26}\b/g)) this.#newest.set(prefix, id);
  }

  filled(word: string): string {
    return word.replace(/^(req|gr|ses)_…$/, (all, prefix: string) => this.#newest.get(prefix) ?? all);
  }
}

/** What comes of a deed at the browser, as the page that stands there then. */
async function seen(sam: Person, deed: string, code: string): Promise<string> {
  const [verb, path = ''] = deed.split(' ');
  if (verb === 'enters') return (await sam.post('/gatebook/enter', { code })).page;
  return (await (verb === 'posts' ? sam.post(path) : sam.open(path))).page;
}

describe.each(['docs/for-owners.md', 'docs/for-staff.md'])('%s, played on a running service', (file) => {
  let story: FernwayWithService;
  let sam: Person;
  let code = '';
  const ids = new Ids();
  beforeAll(async () => {
    story = await FernwayWithService.start();
    sam = story.newPerson();
    await sam.signIn('/sign-in/staff', 'sam');
  });
  afterAll(() => story.close());

  it.each(playedIn(file))('$call', async ({ call, output, at }) => {
    if (at === 'browser') {
      expect(await seen(sam, call, code)).toContain(output);
      return;
    }
    const [, ...args] = words(call).map((word) => ids.filled(word));
    const { out, err } = await story.gatebook(args);
    ids.heard(out);
    code = /with this code:\n(\S+)/.exec(out)?.[1] ?? code;
    expect(out + err).toMatch(shownAs(output));
  });
});
