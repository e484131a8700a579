import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { playedIn } from './documents.ts';
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
