/** The list as one would write it without GraphQL: a route on Fastify, its answer an object. */
import type { AddressInfo } from 'node:net';
import fastify from 'fastify';
import { logPage } from '#projections/index';
import { shownActor } from '#server/doors/graphql/actors';
import { Cursors } from '#server/doors/graphql/paging';
import { announce } from '../baselines/announce.ts';
import { worldOf } from './list.ts';
import { REST_PATH } from './question.ts';

const { tables, cursorKey, mayRead } = await worldOf(process.argv[2]);
const cursors = new Cursors({ cursorKey });
const OUTCOMES = { done: 'DONE', refused: 'REFUSED', unreadable: 'UNREADABLE' };

interface Asked {
  readonly Params: { readonly workspaceId: string };
  readonly Querystring: { readonly first: number };
}

const app = fastify({ logger: false });
app.get<Asked>(
  REST_PATH,
  { schema: { querystring: { type: 'object', properties: { first: { type: 'integer', minimum: 1, maximum: 100 } } } } },
  async ({ headers, params: { workspaceId }, query: { first } }, reply) => {
    if (!(await mayRead(headers.authorization, workspaceId))) return reply.code(403).send({});
    const { items, hasNext } = await logPage(tables, { workspaceId, page: { first } });
    const last = items.at(-1);
    return {
      nodes: items.map((line) => {
        const { type, id, name } = shownActor(line.actor);
        return {
          id: line.id,
          number: line.number,
          position: line.position,
          occurredAt: new Date(line.occurredAt),
          recordedAt: new Date(line.recordedAt),
          summary: line.sentence.text,
          parts: line.sentence.parts.map(({ text, strong = false }) => ({ text, strong })),
          detail: line.sentence.detail ?? null,
          mark: line.mark,
          kind: line.kind,
          outcome: OUTCOMES[line.outcome],
          sessionId: line.sessionId,
          actor:
            type === 'StaffMember' || type === 'WorkspaceMember'
              ? { __typename: type, id, name }
              : { __typename: type, id },
          technicalDetail: line.technical,
        };
      }),
      pageInfo: {
        endCursor: last ? cursors.write(`visitLog ${workspaceId}`, last.position) : null,
        hasNextPage: hasNext,
      },
    };
  },
);

await app.listen({ host: '127.0.0.1', port: 0 });
announce([(app.server.address() as AddressInfo).port], () => tables.close());
