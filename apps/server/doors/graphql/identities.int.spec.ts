import { afterEach, describe, expect, it } from '@jest/globals';
import {
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type GraphQLInputType,
} from 'graphql';
import { KNOBS } from '#domain/policy/knobs';
import { PRESETS } from '#domain/policy/presets';
import type { IdentityShown } from '#wording/wording';
import { until } from '#server/testing/until';
import { caseIdOf } from '../../desk/identity.ts';
import { LiveClient } from './live/testing/live-client.ts';
import { documentOf, OPERATIONS, type Operation } from './testing/every-operation.ts';
import { called, MEMBERS, playDoor, type MemberName, type PersonName, type PlayedDoor } from './testing/played-door.ts';

const SHOWN: readonly IdentityShown[] = KNOBS.identityShown.schema.options;
const READERS = Object.keys(MEMBERS) as MemberName[];
/** Everybody of the vendor who stands in Acme's book. */
const VENDOR = ['sam', 'lee'] as const;
const REASON = 'Failed invoice sync since Tuesday';
const PRODUCT = { actor: { kind: 'product' as const, id: 'fernway' } };

/** What members may not read of the vendor's people under a value of the setting. */
const HIDDEN: Readonly<Record<IdentityShown, readonly string[]>> = {
  'name and e-mail': [],
  name: VENDOR.map((name) => `${name}@fernway.test`),
  'support identity': VENDOR.flatMap((name) => [called(name), `${name}@fernway.test`]),
  'vendor log only': VENDOR.flatMap((name) => [called(name), `${name}@fernway.test`]),
};
/** Answers in which an owner does read them where nothing is hidden: what is looked for is there to be found. */
const TELLING = [
  'accessRequests',
  'activeSessions',
  'denials',
  'endedSessions',
  'node',
  'visitLog',
  'visitLogFacets',
  'workspaceAt',
];
const TELLING_MUTATIONS = ['approveAccess', 'askForInformation', 'declineAccess', 'endSession'];
const TELLING_LIVE = ['logEntryAppended', 'sessionChanged'];

/** A payload as it came. */
// Answers are compared with exact expectations, so their shape is checked where they are.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Came = any;

interface Story {
  readonly door: PlayedDoor;
  /** What an operation's argument of this name is given. */
  readonly known: Readonly<Record<string, unknown>>;
  /** Of every kind that has a node. */
  readonly nodes: readonly string[];
  mutate(who: PersonName, name: string, input: object): Promise<{ readonly text: string; readonly said: Came }>;
}

describe('What the customer reads of the vendor’s people (S0-31, S1-34, S2-27, S3-24)', () => {
  let door: PlayedDoor | undefined;
  afterEach(async () => {
    expect(door?.faults ?? []).toEqual([]);
    await door?.close();
    door = undefined;
  });

  /** A visit that ended, one that goes on by a lead's approval, requests of each state, refusals, a case that is Sam's. */
  async function play(identityShown: IdentityShown): Promise<Story> {
    const played = await playDoor();
    door = played;
    const { default: preset } = PRESETS;
    const approval = { ...preset.approval, asked: { ...preset.approval.asked, 'every write': 'both' as const } };
    const policy = { ...preset, identityShown, approval };
    await played.desk.handleInstallation({ type: 'ChangePolicy', policy }, PRODUCT);
    const mutate: Story['mutate'] = async (who, name, input) => {
      const operation = OPERATIONS.find(({ field }) => field.name === name)!;
      const full = { commandId: played.commandId(), workspaceId: played.acme, ...input };
      const { text, body } = await played.send(who, documentOf(operation), { input: full });
      return { text, said: body.data?.[name] };
    };
    const done = async (who: PersonName, name: string, input: object) => {
      const { said, text } = await mutate(who, name, input);
      if (!said || said.userErrors.length > 0) throw new Error(`${name}: ${text}`);
      return said;
    };
    const visit = { caseRef: 'CASE-123', reason: REASON };
    await done('owner', 'enableStaffAccess', {});
    const first = await done('sam', 'startSession', visit);
    await done('sam', 'exitSession', { sessionId: first.session.id });
    await mutate('sam', 'startSession', { ...visit, caseRef: 'CASE-404' });
    const ask = async (target: string) => {
      const action = { name: 'invoice.retrySync', target };
      return (await done('sam', 'requestAccess', { ...visit, kind: 'WRITE', action })).accessRequest;
    };
    const granted = await ask('INV-1');
    const half = await done('owner', 'approveAccess', { requestId: granted.id, digest: granted.digest });
    const approved = await done('lee', 'approveAccess', { requestId: granted.id, digest: half.accessRequest.digest });
    const { grant } = approved.accessRequest;
    const inside = await done('sam', 'startSession', { ...visit, grantId: grant.id });
    const declined = await ask('INV-2');
    await done('lee', 'declineAccess', { requestId: declined.id });
    const asked = await ask('INV-3');
    await done('lee', 'askForInformation', { requestId: asked.id, question: 'Which invoice is it?' });
    await done('sam', 'giveInformation', { requestId: asked.id, answer: 'The last one' });
    const waiting = await ask('INV-4');
    const caseId = caseIdOf(played.acme, 'CASE-123');
    await played.desk.handle(
      played.acme,
      { type: 'ReassignCase', caseId, caseRef: 'CASE-123', assignee: played.staffId('sam') },
      PRODUCT,
    );
    await played.caughtUp();
    const LINES = 'query ($id: ID!) { visitLog(workspaceId: $id, first: 100) { nodes { id position } } }';
    const { nodes: lines } = (await played.send('owner', LINES, { id: played.acme })).body.data.visitLog;
    const known = {
      // Behind what readers are refused meanwhile.
      first: 35,
      workspaceId: played.acme,
      sessionId: inside.session.id,
      requestId: waiting.id,
      digest: waiting.digest,
      caseRef: 'CASE-123',
      position: lines[0].position,
      afterPosition: '0'.repeat(lines[0].position.length),
    };
    const ids: string[] = [played.acme, first.session.id, inside.session.id];
    const nodes = [...ids, granted.id, declined.id, asked.id, waiting.id, ...lines.map(({ id }: { id: string }) => id)];
    return { door: played, known, nodes, mutate };
  }

  const hiddenIn = (text: string, shown: IdentityShown) => HIDDEN[shown].filter((hidden) => text.includes(hidden));
  const tells = (text: string) => [...VENDOR.map(called), ...HIDDEN.name].some((name) => text.includes(name));

  it.each(SHOWN)(
    '“%s” holds in every answer to every member',
    async (shown) => {
      const { nodes, ...story } = await play(shown);
      const found: unknown[] = [];
      const telling = new Set<string>();
      for (const operation of OPERATIONS.filter(({ root }) => root === 'query')) {
        const { name } = operation.field;
        for (const reader of READERS) {
          for (const id of name === 'node' ? nodes : [story.door.acme]) {
            const { text, status } = await story.door.send(
              reader,
              documentOf(operation),
              variablesFor(operation, { ...story.known, id }),
            );
            expect([name, reader, status, text]).toEqual([name, reader, 200, text]);
            if (reader === 'owner' && tells(text)) telling.add(name);
            found.push(...hiddenIn(text, shown).map((hidden) => ({ name, reader, id, hidden })));
          }
        }
      }
      for (const operation of OPERATIONS.filter(({ root }) => root === 'mutation')) {
        const { name } = operation.field;
        // A switch that goes off would take away what the others are about.
        if (name === 'disableStaffAccess') continue;
        const own = await story.mutate('sam', 'requestAccess', {
          kind: 'WRITE',
          caseRef: 'CASE-123',
          reason: REASON,
          action: { name: 'invoice.retrySync', target: name },
        });
        const { id: requestId = story.known['requestId'], digest = '' } = own.said?.accessRequest ?? {};
        for (const reader of READERS) {
          const variables = variablesFor(operation, {
            ...story.known,
            requestId,
            digest,
            commandId: story.door.commandId(),
          });
          const { text, status } = await story.door.send(reader, documentOf(operation), variables);
          expect([name, reader, status, text]).toEqual([name, reader, 200, text]);
          if (reader === 'owner' && tells(text)) telling.add(name);
          found.push(...hiddenIn(text, shown).map((hidden) => ({ name, reader, hidden })));
        }
      }
      expect(found).toEqual([]);
      const isTold = shown === 'name and e-mail' || shown === 'name';
      expect([...telling].toSorted()).toEqual(isTold ? [...TELLING, ...TELLING_MUTATIONS].toSorted() : []);
    },
    120_000,
  );

  it.each(SHOWN)(
    '“%s” holds in every message to every member who follows something',
    async (shown) => {
      const story = await play(shown);
      const operations = OPERATIONS.filter(({ root, field }) => root === 'subscription' && !/^my/.test(field.name));
      const clients = await Promise.all(
        READERS.map(async (reader) => {
          const client = new LiveClient(story.door.url, await story.door.token(reader));
          const followers = operations.map((operation) =>
            client.send(documentOf(operation), variablesFor(operation, story.known, true)),
          );
          return { reader, client, followers };
        }),
      );
      const heard = clients.find(({ reader }) => reader === 'owner')!;
      const text = () => heard.client.frames.join('\n');
      await until(() => text().includes('CaseReassigned'), text);
      await story.mutate('sam', 'startSession', { caseRef: 'CASE-405', reason: REASON });
      await story.mutate('sam', 'exitSession', { sessionId: story.known['sessionId'] });
      await until(() => /CASE-405/.test(text()) && /AccessRevoked/.test(text()), text);
      const found = clients.flatMap(({ reader, client }) =>
        client.frames.flatMap((frame) => hiddenIn(frame, shown).map((hidden) => ({ reader, hidden, frame }))),
      );
      expect(found).toEqual([]);
      const told = operations.filter(({ field }) =>
        heard.client.frames.some((frame) => frame.includes(`"${field.name}":`) && tells(frame)),
      );
      const isTold = shown === 'name and e-mail' || shown === 'name';
      expect(told.map(({ field }) => field.name)).toEqual(isTold ? expect.arrayContaining(TELLING_LIVE) : []);
      await Promise.all(clients.map(({ client }) => client.close()));
    },
    120_000,
  );

  it('can’t be searched for where it is hidden, nor counted in an export; what stands in its place can', async () => {
    const expected = {
      'name and e-mail': [true, true, false],
      name: [true, false, false],
      'support identity': [false, false, true],
      'vendor log only': [false, false, true],
    } as const;
    for (const shown of SHOWN) {
      const { door: played } = await play(shown);
      const found = [];
      for (const search of ['Sam Example', 'sam@fernway.test', 'Support']) {
        const LIST =
          'query ($id: ID!, $filter: LogFilterInput) { visitLog(workspaceId: $id, filter: $filter) { nodes { summary } } }';
        const variables = { id: played.acme, filter: { search } };
        const { nodes } = (await played.send('owner', LIST, variables)).body.data.visitLog;
        const EXPORT =
          'mutation ($input: ExportLogInput!) { exportLog(input: $input) { export { lines } userErrors { message } } }';
        const input = { commandId: played.commandId(), workspaceId: played.acme, format: 'CSV', filter: { search } };
        const { data } = (await played.send('owner', EXPORT, { input })).body;
        // What was searched for stands in the line of an export: the customer's own words.
        const lines = nodes.filter(({ summary }: { summary: string }) => !/exported|took/.test(summary)).length > 0;
        expect([shown, search, data.exportLog.export.lines > 0]).toEqual([shown, search, nodes.length > 0]);
        found.push(lines);
      }
      expect([shown, found]).toEqual([shown, expected[shown]]);
      await played.close();
      door = undefined;
    }
  }, 120_000);

  it('is shown whole to the vendor’s own people, and more to a workspace that asks for more', async () => {
    const { door: played, mutate, known } = await play('support identity');
    const LOG = 'query ($id: ID!) { visitLog(workspaceId: $id) { nodes { summary technicalDetail } } }';
    const read = async (who: PersonName) => (await played.send(who, LOG, { id: known['workspaceId'] })).text;
    expect(await read('owner')).toMatch(/Support [0-9A-F]{6} came in/);
    const reviewers = await read('reviewer');
    for (const told of [called('sam'), called('lee'), 'sam@fernway.test']) expect(reviewers).toContain(told);

    const { said } = await mutate('owner', 'tightenPolicy', { set: [{ name: 'identityShown', value: 'name' }] });
    expect(said.userErrors).toEqual([]);
    const owners = await read('owner');
    expect(owners).toContain('Sam Example came in');
    expect(owners).not.toContain('sam@fernway.test');
  });
});

/** What an operation needs, and what is known by its name; `known`: also what it doesn't need. */
function variablesFor(
  { field }: Operation,
  known: Readonly<Record<string, unknown>>,
  all = false,
): Record<string, unknown> {
  const valueOf = (name: string, type: GraphQLInputType): unknown => {
    const bare = getNullableType(type);
    const isWanted = isNonNullType(type) || (name in known && (all || name === 'position' || name === 'first'));
    if (!isWanted) return undefined;
    if (isInputObjectType(bare)) {
      const fields = Object.values(bare.getFields()).map((inner) => [inner.name, valueOf(inner.name, inner.type)]);
      return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
    }
    if (name in known) return known[name];
    if (isListType(bare)) return [];
    if (isEnumType(bare)) return bare.getValues()[0]?.name;
    return { ID: 'nothing', Int: 1, Boolean: true }[String(bare)] ?? REASON;
  };
  const entries = field.args.map(({ name, type }) => [name, valueOf(name, type)]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
