import type { Provider } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { KyselyPlugin } from 'kysely';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import type { MemberRole, StaffRole, WorkspaceId } from '@gatebook/protocol';
import type { Catalogue } from '#domain/catalogue/catalogue';
import { envelopeWith } from '#event-log/envelope';
import { openSqliteLog } from '#event-log/sqlite/log';
import { openTables, startRunner, type Runner, type Tables } from '#projections/index';
import { startTestIssuer, type MintOptions, type TestIssuer } from '../../../adapters/oidc/testing/test-issuer.ts';
import { createTokenVerifier, type TrustedIssuer } from '../../../adapters/oidc/token-verifier.ts';
import { Desk } from '../../../desk/desk.ts';
import { EntryCodes } from '../../../desk/entry-codes.ts';
import { caseIdOf, memberIdOf, staffIdOf, workspaceIdOf } from '../../../desk/identity.ts';
import { Visits } from '../../../desk/visits.ts';
import { livedTime, PATIENCE } from '../../../testing/lived-time.ts';
import { GraphqlDoorModule } from '../graphql-door.module.ts';
import { LiveDoor } from '../live/live-door.ts';
import type { GraphqlDoorOptions } from '../options.ts';

export const START = Date.parse('2026-11-21T09:00:00.000Z');
export const AUDIENCE = 'http://gatebook.test/graphql';
/** Of the pages that may open a WebSocket. */
export const ORIGIN = 'http://pages.test';
const PRODUCT = 'fernway';

const catalogue: Catalogue = {
  areas: { billing: 'Billing', inbox: 'Inbox' },
  pages: {
    billing: { label: 'Billing', area: 'billing', class: 'view' },
    inquiries: { label: 'Inquiries', area: 'inbox', class: 'view' },
  },
  actions: { 'invoice.retrySync': { label: 'retry the failed invoice sync on {target}', class: 'change' } },
  fields: { 'customer.email': { mask: 'email' } },
  jobs: { 'invoice-sync': { label: 'Failed invoice sync', pages: ['billing'], actions: [], mode: 'read' } },
};

/** Everybody who signs in. Acme's own people, people of another workspace, of none, and the vendor's. */
export const MEMBERS = {
  owner: { workspace: 'acme', role: 'owner' },
  admin: { workspace: 'acme', role: 'admin' },
  manager: { workspace: 'acme', role: 'manager' },
  agent: { workspace: 'acme', role: 'agent' },
  viewer: { workspace: 'acme', role: 'viewer' },
  neighbour: { workspace: 'birch', role: 'owner' },
  stranger: null,
} as const satisfies Record<string, { workspace: string; role: MemberRole } | null>;

export const STAFF = {
  sam: ['agent'],
  lee: ['lead'],
  reviewer: ['reviewer'],
  /** Signs in with the vendor, and the directory never told of them. */
  newcomer: null,
} as const satisfies Record<string, readonly StaffRole[] | null>;

export type MemberName = keyof typeof MEMBERS;
export type StaffName = keyof typeof STAFF;
export type PersonName = MemberName | StaffName;
export const PEOPLE = [...Object.keys(MEMBERS), ...Object.keys(STAFF)] as PersonName[];

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    // Answers are compared with exact expectations, so their shape is checked where they are.
    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    readonly data?: any;
    readonly errors?: readonly { readonly message: string; readonly extensions: Record<string, unknown> }[];
  };
}

export interface PlayedDoor {
  readonly url: string;
  readonly acme: WorkspaceId;
  readonly birch: WorkspaceId;
  /** Well formed, and nobody's. */
  readonly nowhere: WorkspaceId;
  readonly desk: Desk;
  readonly codes: EntryCodes;
  /** The WebSocket door. */
  readonly live: LiveDoor;
  /** What works on the tables. */
  readonly runner: Runner;
  readonly issuers: Readonly<Record<'members' | 'staff', TestIssuer>>;
  /** What the door reported as faults of its own. */
  readonly faults: unknown[];
  /** Why calls without a person were refused, for the metric. */
  readonly refusals: string[];
  /** Kinds of the statements that the tables were asked by the door. */
  readonly statements: string[];
  now: number;
  commandId(): string;
  staffId(name: StaffName): ReturnType<typeof staffIdOf>;
  token(name: PersonName, options?: MintOptions): Promise<string>;
  /** Posts an operation; `as: null` without a token. */
  send(
    as: PersonName | null,
    query: string,
    variables?: object,
    options?: { readonly mint?: MintOptions; readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Answer>;
  post(body: string, headers: Readonly<Record<string, string>>): Promise<Answer>;
  /** Resolves when the tables hold all that is in the log. */
  caughtUp(): Promise<void>;
  types(stream: string): Promise<string[]>;
  close(): Promise<void>;
}

interface PlayOptions {
  readonly production?: boolean;
  readonly trustedDocuments?: GraphqlDoorOptions['trustedDocuments'];
  readonly isPlanned?: GraphqlDoorOptions['isPlanned'];
  /** Between two pings of a WebSocket. */
  readonly pingMs?: number;
  /** How many times as long as usual the door waits; default: longer than a machine stands still. */
  readonly patience?: number;
  /** Resolvers beside the door’s own. */
  readonly also?: readonly Provider[];
}

/** The GraphQL door over real HTTP: the real desk on the real log, tables that follow it, two issuers, a clock to set. */
export async function playDoor(options: PlayOptions = {}): Promise<PlayedDoor> {
  const { production = false, also = [], trustedDocuments, isPlanned, pingMs, patience = PATIENCE } = options;
  const directory = mkdtempSync(join(tmpdir(), 'gatebook-graphql-'));
  const world = { now: START };
  const clock = { now: () => world.now };
  const issuers = {
    members: await startTestIssuer({ ...clock, audience: AUDIENCE, algorithm: 'ES256' }),
    staff: await startTestIssuer({ ...clock, audience: AUDIENCE, algorithm: 'ES256' }),
  };
  const trusted = (realm: 'members' | 'staff'): TrustedIssuer => ({
    realm,
    issuer: issuers[realm].issuer,
    jwks: issuers[realm].jwks(),
    audiences: [AUDIENCE],
    algorithms: ['ES256'],
  });
  const verifier = createTokenVerifier({ issuers: [trusted('members'), trusted('staff')], now: clock.now });

  const faults: unknown[] = [];
  const onError = (error: unknown) => void faults.push(error);
  const envelope = envelopeWith();
  const log = openSqliteLog({ directory: join(directory, 'log'), now: clock.now, synchronous: 'off' });
  const desk = new Desk({ log, envelope, clock, timer: livedTime });
  const codes = new EntryCodes(new Uint8Array(32).fill(7));
  await desk.start();
  const tables = await openTables({ directory: join(directory, 'tables') });
  const runner = startRunner({ log, tables, envelope, clock, alone: true, onError, pauseMs: 5 });

  const [acme, birch] = await tell(desk, issuers);

  const closeParts = async () => {
    await runner.stop();
    await desk.stop();
    await tables.close();
    await log.close();
    await Promise.all([issuers.members.close(), issuers.staff.close()]);
    rmSync(directory, { recursive: true });
  };
  const refusals: string[] = [];
  const statements: string[] = [];
  const module = GraphqlDoorModule.forRoot({
    desk,
    visits: new Visits(desk, codes),
    tables: counting(tables, statements),
    runner,
    verifier,
    audiences: { members: AUDIENCE, staff: AUDIENCE },
    clock,
    log,
    envelope,
    origins: [ORIGIN],
    cursorKey: new Uint8Array(32).fill(9),
    production,
    ...(trustedDocuments && { trustedDocuments }),
    ...(isPlanned && { isPlanned }),
    ...(pingMs !== undefined && { pingMs }),
    patience,
    enterUrl: 'http://fernway.test/gatebook/enter',
    onError,
    onRefusedAnonymously: (cause) => void refusals.push(cause),
  });
  const app = await NestFactory.create<NestFastifyApplication>(
    { ...module, providers: [...(module.providers ?? []), ...also] },
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await closeParts();
    throw error;
  }
  await runner.ready;
  const url = `${await app.getUrl()}/graphql`;

  const post = async (body: string, headers: Readonly<Record<string, string>>): Promise<Answer> => {
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: json(text) };
  };
  const token = (name: PersonName, options: MintOptions = {}) =>
    issuers[name in STAFF ? 'staff' : 'members'].accessToken({ sub: name, name: called(name) }, options);

  return Object.assign(world, {
    url,
    acme,
    birch,
    nowhere: workspaceIdOf(PRODUCT, 'nowhere'),
    desk,
    codes,
    live: app.get(LiveDoor, { strict: false }),
    runner,
    issuers,
    faults,
    refusals,
    statements,
    post,
    token,
    commandId: () => v7({ msecs: world.now }),
    staffId: (name: StaffName) => staffIdOf(issuers.staff.issuer, name),
    async send(
      as: PersonName | null,
      query: string,
      variables: object = {},
      { mint, headers = {} }: { mint?: MintOptions; headers?: Readonly<Record<string, string>> } = {},
    ) {
      const authorization: Record<string, string> =
        as === null ? {} : { authorization: `Bearer ${await token(as, mint)}` };
      return post(JSON.stringify({ query, variables }), {
        'content-type': 'application/json',
        ...authorization,
        ...headers,
      });
    },
    async caughtUp() {
      const head = await log.head();
      if (!(await runner.waitFor(head, 30_000))) throw new Error('The tables did not catch up.');
    },
    async types(stream: string) {
      const found: string[] = [];
      for await (const { type } of log.readStream(stream)) found.push(type);
      return found;
    },
    async close() {
      await app.close();
      await closeParts();
    },
  });
}

/** The same tables, with the kind of each statement told. */
function counting(tables: Tables, statements: string[]): Tables {
  const counter: KyselyPlugin = {
    transformQuery({ node }) {
      statements.push(node.kind);
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
  const read: Tables['read'] = (query) => tables.read((db) => query(db.withPlugin(counter)));
  return new Proxy(tables, {
    get(target, key) {
      if (key === 'read') return read;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** What a person is called: "Sam Example". */
export function called(name: PersonName): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)} Example`;
}

async function tell(desk: Desk, issuers: PlayedDoor['issuers']): Promise<[WorkspaceId, WorkspaceId]> {
  const product = { actor: { kind: 'product' as const, id: PRODUCT } };
  await desk.handleInstallation({ type: 'ChangeCatalogue', catalogue }, product);
  const ids = ['acme', 'birch'].map((ref) => workspaceIdOf(PRODUCT, ref));
  const [acme, birch] = ids as [WorkspaceId, WorkspaceId];
  const named = [
    [acme, 'acme', 'Acme Co', 'CASE-123'],
    [birch, 'birch', 'Birch Ltd', 'CASE-900'],
  ] as const;
  for (const [workspaceId, externalId, name, caseRef] of named) {
    await desk.handle(
      workspaceId,
      { type: 'RegisterWorkspace', workspaceId, externalId, product: PRODUCT, name },
      product,
    );
    const caseId = caseIdOf(workspaceId, caseRef);
    await desk.handle(workspaceId, { type: 'OpenCase', caseId, caseRef, title: 'Failed invoice sync' }, product);
  }
  for (const [subject, place] of Object.entries(MEMBERS)) {
    if (!place) continue;
    const workspaceId = place.workspace === 'acme' ? acme : birch;
    await desk.handle(
      workspaceId,
      {
        type: 'ChangeMemberRole',
        memberId: memberIdOf(workspaceId, subject),
        externalId: subject,
        issuer: issuers.members.issuer,
        subject,
        name: called(subject as MemberName),
        email: `${subject}@example.test`,
        role: place.role,
      },
      product,
    );
  }
  const issuer = issuers.staff.issuer;
  for (const [subject, roles] of Object.entries(STAFF)) {
    if (!roles) continue;
    const staffId = staffIdOf(issuer, subject);
    const name = called(subject as StaffName);
    const email = `${subject}@fernway.test`;
    await desk.handleStaff({ type: 'EnableStaff', staffId, issuer, subject, name, email, roles: [...roles] }, product);
  }
  return [acme, birch];
}

function json(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body'];
  } catch {
    return {};
  }
}
