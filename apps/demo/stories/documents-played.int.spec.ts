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
  it('does what is typed, and is refused where it says so', async () => {
    const story = await FernwayWithService.start();
    try {
      const from = textOf('README.md').split('\n').indexOf('## Play the story') + 1;
      const typed = blocksOf('README.md').filter(({ language, line }) => language === 'sh' && line > from);
      const calls = typed
        .flatMap(({ text }) => commandLines(text))
        .filter((call) => !/^(tail|rebuild|doctor)\b/.test(call));
      let newest = '';
      const came: string[] = [];
      for (const call of calls) {
        const args = words(call).map((word) => (word === 'req_...' ? newest : word));
        // Approving shows the request once more, and asks.
        const { code, out, err } = await story.gatebook(args, 'y\n');
        newest = /\breq_[0-9a-z]{26}\b/.exec(out)?.[0] ?? newest;
        if (code !== 0) came.push(`${code}: ${call.slice(0, 40)} -> ${err.split('\n')[0]}`);
      }
      expect(came).toEqual([
        '3: sessions start acme --as sam --case CASE -> Staff access to this workspace is off.',
        '3: access on acme --as nina -> Only an owner or an admin may do this; you are a manager.',
        '3: sessions start acme --as sam --case CASE -> “check issue” could be about anything.',
      ]);
      expect(calls.length).toBeGreaterThan(20);
    } finally {
      await story.close();
    }
  });
});
