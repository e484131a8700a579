import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { blocksOf, commandLines, playedIn, textOf, words } from './documents.ts';
import { FernwayWithService } from './fernway-with-service.ts';
import { Playing } from './playing.ts';

describe.each(['docs/for-owners.md', 'docs/for-staff.md'])('%s, played on a running service', (file) => {
  let story: FernwayWithService;
  let playing: Playing;
  beforeAll(async () => {
    story = await FernwayWithService.start();
    const sam = story.newPerson();
    await sam.signIn('/sign-in/staff', 'sam');
    playing = new Playing(story, sam);
  });
  afterAll(() => story.close());

  it.each(playedIn(file))('$call', (played) => playing.play(played));
});

describe('The story of the README', () => {
  const from = textOf('README.md').split('\n').indexOf('## Play the story') + 1;
  const calls = blocksOf('README.md')
    .filter(({ language, line }) => language === 'sh' && line > from)
    .flatMap(({ text }) => commandLines(text))
    .filter((call) => !/^(tail|rebuild|doctor)\b/.test(call))
    .map((call, at): [number, string] => [at + 1, call]);
  /** What is refused, and says so there, by its place among the calls. */
  const refused: Readonly<Record<number, string>> = {
    1: 'Staff access to this workspace is off.',
    3: 'Only an owner or an admin may do this; you are a manager.',
    5: '“check issue” could be about anything.',
  };
  let story: FernwayWithService;
  let newest = '';
  beforeAll(async () => {
    story = await FernwayWithService.start();
  });
  afterAll(() => story.close());

  it.each(calls)('%i. %s', async (at, call) => {
    const args = words(call).map((word) => (word === 'req_...' ? newest : word));
    // Approving shows the request once more, and asks.
    const { code, out, err } = await story.gatebook(args, 'y\n');
    newest = /\breq_[0-9a-z]{26}\b/.exec(out)?.[0] ?? newest;
    const said = code === 0 ? undefined : err.split('\n')[0];
    expect([code, said]).toEqual(refused[at] === undefined ? [0, undefined] : [3, refused[at]]);
  });

  it('is all there', () => expect(calls.length).toBeGreaterThan(20));
});
