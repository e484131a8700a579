import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { playDoor, type PersonName, type PlayedDoor } from '../testing/played-door.ts';

const GROUPS = `query ($filter: DenialGroupFilterInput, $first: Int, $after: String) {
  denialGroups(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes {
      person { ... on StaffMember { id name } ... on WorkspaceMember { id } }
      rule ruleSays reviewsRevision times unreviewedTimes workspaces example position reviewed
      review { verdict note upTo by { id name } }
    }
  }
}`;
const REVIEW = `mutation ($input: ReviewDenialsInput!) {
  reviewDenials(input: $input) {
    position group { unreviewedTimes reviewed review { verdict } }
    userErrors { __typename code message field }
  }
}`;
const START = `mutation ($input: StartSessionInput!) { startSession(input: $input) { userErrors { code } } }`;

describe('What was refused, as reviewers see it', () => {
  let door: PlayedDoor;
  beforeAll(async () => {
    door = await playDoor();
    // Access is off in both workspaces: Sam tries three times in one, once in the other; Lee gives no reason.
    for (const workspaceId of [door.acme, door.acme, door.acme, door.birch]) await start('sam', workspaceId);
    door.now += 60_000;
    await start('lee', door.acme);
  });
  afterAll(() => door.close());

  const start = (who: PersonName, workspaceId: string) =>
    door.send(who, START, {
      input: {
        commandId: door.commandId(),
        workspaceId,
        caseRef: 'CASE-123',
        reason: 'Failed invoice sync since Tuesday',
      },
    });
  const groups = async (filter: object = {}, more: object = {}) => {
    await door.caughtUp();
    const { body } = await door.send('reviewer', GROUPS, { filter, ...more });
    expect(body.errors).toBeUndefined();
    return body.data.denialGroups;
  };
  const review = async (who: PersonName, input: object) => {
    const whole = { commandId: door.commandId(), verdict: 'SOMEBODY_TO_HELP', note: null, ...input };
    return (await door.send(who, REVIEW, { input: whole })).body;
  };

  it('stands in one line for each person and rule, with how often and in how many workspaces (S1-68)', async () => {
    const { nodes, totalCount } = await groups();
    expect(totalCount).toBe(2);
    expect(nodes).toMatchObject([
      { person: { id: door.staffId('lee') }, rule: 'staffAccessIsOn', times: 1, unreviewedTimes: 1, workspaces: 1 },
      {
        person: { id: door.staffId('sam') },
        rule: 'staffAccessIsOn',
        ruleSays: 'The owner has turned staff access on, and the window has not ended.',
        times: 4,
        unreviewedTimes: 4,
        workspaces: 2,
        reviewed: false,
        review: null,
      },
    ]);
    expect(nodes[1].example).toMatch(/^Refused: .+ tried to start a visit for CASE-123$/);
  });

  it('is found by time, person, rule, and whether somebody has looked at it', async () => {
    const at = (from: number, to: number) => ({
      occurredAt: { gte: new Date(door.now + from).toISOString(), lt: new Date(door.now + to).toISOString() },
    });
    const who = async (filter: object) =>
      (await groups(filter)).nodes.map(({ person }: { person: { id: string } }) => person.id);
    const [sam, lee] = [door.staffId('sam'), door.staffId('lee')];
    expect(await who(at(-60_000, 0))).toEqual([sam]);
    expect(await who(at(0, 1))).toEqual([lee]);
    expect(await who(at(1, 2))).toEqual([]);
    expect(await who({ person: sam })).toEqual([sam]);
    expect(await who({ rule: 'pageIsInScope' })).toEqual([]);
    expect(await who({ reviewed: true })).toEqual([]);
    expect(await who({ reviewed: false })).toEqual([lee, sam]);
  });

  it('comes in pages', async () => {
    const first = await groups({}, { first: 1 });
    expect([first.nodes.length, first.pageInfo.hasNextPage]).toEqual([1, true]);
    const second = await groups({}, { first: 1, after: first.pageInfo.endCursor });
    expect([second.nodes[0].person.id, second.pageInfo.hasNextPage]).toEqual([door.staffId('sam'), false]);
  });

  it('is reviewed up to where the reviewer looked, and what comes after that is new (S1-68, S1-73)', async () => {
    const { position } = (await groups({ person: door.staffId('sam') })).nodes[0];
    const input = { person: door.staffId('sam'), rule: 'staffAccessIsOn', upTo: position, note: 'Told Sam to ask.' };
    const commandId = door.commandId();
    const { data } = await review('reviewer', { ...input, commandId });
    expect(data.reviewDenials).toMatchObject({
      group: { unreviewedTimes: 0, reviewed: true, review: { verdict: 'SOMEBODY_TO_HELP' } },
      userErrors: [],
    });
    // Sent again, it stands once.
    expect((await review('reviewer', { ...input, commandId })).data.reviewDenials.userErrors).toEqual([]);
    expect(await door.types(`reviews-${door.staffId('sam')}`)).toEqual(['DenialsReviewed']);
    expect((await groups({ reviewed: true })).nodes).toMatchObject([
      {
        person: { id: door.staffId('sam') },
        review: { note: 'Told Sam to ask.', upTo: position, by: { id: door.staffId('reviewer') } },
      },
    ]);
    expect((await groups({ reviewed: false })).totalCount).toBe(1);
    // Who looked before the review was written decides anew.
    const late = (await review('reviewer', { ...input, expectedRevision: -1 })).data.reviewDenials;
    expect(late.userErrors).toMatchObject([{ __typename: 'StaleRevision', code: 'STALE_REVISION' }]);
    expect((await groups({ person: door.staffId('sam') })).nodes[0].reviewsRevision).toBe(0);

    await start('sam', door.birch);
    expect((await groups({ person: door.staffId('sam') })).nodes).toMatchObject([
      { times: 5, unreviewedTimes: 1, reviewed: false, review: { upTo: position } },
    ]);
  });

  it('is reviewed by nobody who has not the role, and by nobody of themselves', async () => {
    const { position } = (await groups({ person: door.staffId('sam') })).nodes[0];
    const input = { person: door.staffId('sam'), rule: 'staffAccessIsOn', upTo: position };
    for (const who of ['sam', 'lee', 'newcomer', 'owner', 'stranger'] as const) {
      const { data, errors } = await review(who, input);
      expect([data?.reviewDenials ?? null, errors?.[0]?.extensions['code']]).toEqual([null, 'FORBIDDEN']);
    }
    await start('reviewer', door.acme);
    const own = (await groups({ person: door.staffId('reviewer') })).nodes[0];
    const { data } = await review('reviewer', {
      person: door.staffId('reviewer'),
      rule: own.rule,
      upTo: own.position,
    });
    expect(data.reviewDenials.userErrors).toMatchObject([
      { __typename: 'Refused', message: 'These are your own attempts.' },
    ]);
    expect(await door.types(`reviews-${door.staffId('reviewer')}`)).toEqual([]);
  });

  it('is reviewed no further than it goes, and where there is something', async () => {
    const about = { person: door.staffId('sam'), rule: 'staffAccessIsOn' };
    const faults = async (input: object) =>
      (await review('reviewer', { ...about, ...input })).data.reviewDenials.userErrors;
    expect(await faults({ upTo: 'z'.repeat(20) })).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'upTo'] }]);
    expect(await faults({ upTo: '../..' })).toMatchObject([{ code: 'INVALID_INPUT', field: ['input', 'upTo'] }]);
    expect(await faults({ upTo: '0', rule: 'pageIsInScope' })).toMatchObject([
      { code: 'INVALID_INPUT', field: ['input', 'person'] },
    ]);
    expect(await faults({ upTo: '0', rule: 'noSuchRule' })).toMatchObject([
      { code: 'INVALID_INPUT', field: ['input', 'rule'] },
    ]);
  });
});
