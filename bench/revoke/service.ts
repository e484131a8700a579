import { SIGNALS_PATH, type Signal } from '@gatebook/protocol';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { v7 } from 'uuid';
import { defaultPolicy } from '#domain/policy/policy';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { startTestIssuer } from '#server/adapters/oidc/testing/test-issuer';
import { loadOrMakeKeys } from '#server/config/installation-keys';
import { workspaceIdOf } from '#server/desk/identity';
import { NotBuilt } from '../ours.ts';
import { SERVER_CORE, spawnNode } from '../processor.ts';

const BUILT = 'dist/apps/server/service.js';
const PRODUCT = 'fernway';
const REF = 'acme';
const CASE = 'CASE-1';
/** As many as policy can allow in one workspace. */
export const VISITORS = 20;
const FOLLOW =
  'subscription ($id: ID!) { accessRevoked(sessionId: $id) { __typename ... on AccessRevoked { endCause sentence } } }';

/** How long an event loop stood still at most, milliseconds. */
export interface Standstill {
  /** By the clock on the wall. */
  readonly wallMs: number;
  /** Without the time in which it waited for a core that others had. */
  readonly ownMs: number;
}

/** The built service with one workspace, its owner, and staff members who come in. */
export interface Revocable {
  readonly socketAddress: string;
  /** Turns access on and lets the visitors in; what each of so many sockets of theirs says. */
  letIn(sockets: number): Promise<readonly (readonly string[])[]>;
  /** Resolves when so many subscriptions stand. */
  followed(subscriptions: number): Promise<void>;
  /** Turns access off; resolves with when that was acknowledged (`performance.now()`). */
  off(): Promise<number>;
  /** How long the service's event loop stood still at most since this was asked last. */
  standstill(): Promise<Standstill>;
  stop(): Promise<void>;
}

/** Starts the built service in an empty folder; each visitor may have so many sockets. @throws {NotBuilt} */
export async function startRevocable(dataDir: string, socketsOfEach: number): Promise<Revocable> {
  if (!existsSync(BUILT)) throw new NotBuilt('the service is not built: npm run build');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const issuers = {
    members: await startTestIssuer({ now: Date.now, audience: `${url}/graphql`, clientId: PRODUCT }),
    staff: await startTestIssuer({ now: Date.now, audience: `${url}/graphql`, clientId: PRODUCT }),
  };
  const keys = await loadOrMakeKeys(dataDir);
  const policyFile = join(dataDir, 'policy.json');
  const session = { ...defaultPolicy.session, livePerWorkspace: VISITORS };
  writeFileSync(policyFile, JSON.stringify({ ...defaultPolicy, session }));
  const issuerOf = (realm: 'members' | 'staff') => {
    const name = `GATEBOOK_${realm.toUpperCase()}`;
    const { issuer, jwksUri, audience } = issuers[realm];
    return { [`${name}_ISSUER`]: issuer, [`${name}_JWKS_URI`]: jwksUri, [`${name}_AUDIENCE`]: audience };
  };
  const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const args = ['--no-warnings', '--import', file('stall.ts'), file('entry.ts'), String(socketsOfEach)];
  const child = spawnNode(SERVER_CORE, args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      GATEBOOK_PORT: String(port),
      GATEBOOK_PUBLIC_URL: url,
      GATEBOOK_DATA_DIR: dataDir,
      GATEBOOK_CATALOGUE: 'apps/demo/gatebook.catalogue.yaml',
      GATEBOOK_POLICY: policyFile,
      GATEBOOK_LOG_LEVEL: 'warn',
      GATEBOOK_SIGN_IN: 'oidc',
      ...issuerOf('members'),
      ...issuerOf('staff'),
    },
  });
  const ready = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)]);
  if (!ready) throw new Error('The service ended before it was ready.');

  const workspaceId = workspaceIdOf(PRODUCT, REF);
  const tokenOf = (realm: 'members' | 'staff', sub: string) => issuers[realm].accessToken({ sub, name: sub });
  const post = async (path: string, token: string, body: object): Promise<Record<string, unknown>> => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  };
  const command = async (token: string, name: string, fields: string, input: object) => {
    const Name = name.charAt(0).toUpperCase() + name.slice(1);
    const query = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { userErrors { message } ${fields} } }`;
    const variables = { input: { commandId: v7(), workspaceId, ...input } };
    const { data, errors } = await post('/graphql', token, { query, variables });
    const payload = (data as Record<string, { userErrors: unknown[] } & Record<string, unknown>> | undefined)?.[name];
    if (!payload || payload.userErrors.length > 0)
      throw new Error(`${name}: ${JSON.stringify(errors ?? payload?.userErrors)}`);
    return payload;
  };
  const tell = (key: string, signals: readonly object[]) =>
    post(SIGNALS_PATH, key, { signals: signals.map((signal) => ({ id: v7(), ...signal }) as Signal) });

  const { issuer } = issuers.members;
  const owner = {
    member: 'maria',
    issuer,
    subject: 'maria',
    name: 'Maria',
    email: 'maria@example.test',
    role: 'owner',
  };
  await tell(keys.product, [
    { type: 'workspace.registered', workspace: REF, name: 'Acme Co' },
    { type: 'member.role-changed', workspace: REF, ...owner },
    { type: 'case.opened', workspace: REF, case: CASE, title: 'Failed invoice sync' },
  ]);
  const people = Array.from({ length: VISITORS }, (_, at) => `staff-${at}`);
  const enabled = people.map((subject) => {
    const person = { issuer: issuers.staff.issuer, subject, name: subject, email: `${subject}@fernway.test` };
    return { type: 'staff.enabled', ...person, roles: ['agent'] };
  });
  await tell(keys.directory, enabled);

  return {
    socketAddress: `${url.replace('http', 'ws')}/graphql`,
    async letIn(sockets) {
      await command(await tokenOf('members', 'maria'), 'enableStaffAccess', '', {});
      const visitors = people.map(async (subject) => {
        const token = await tokenOf('staff', subject);
        const wish = { caseRef: CASE, reason: 'Failed invoice sync since Tuesday' };
        const { session } = await command(token, 'startSession', 'session { id }', wish);
        const variables = { id: (session as { id: string }).id };
        return [
          { type: 'connection_init', payload: { authorization: `Bearer ${token}` } },
          { id: '1', type: 'subscribe', payload: { query: FOLLOW, variables } },
        ].map((line) => JSON.stringify(line));
      });
      const lines = await Promise.all(visitors);
      return Array.from({ length: sockets }, (_, at) => lines[at % lines.length]!);
    },
    async followed(subscriptions) {
      for (;;) {
        const text = await (await fetch(`${url}/metrics`)).text();
        if (Number(/^gatebook_live_subscriptions (\d+)/m.exec(text)?.[1]) === subscriptions) break;
        await pause(50);
      }
      // They are counted when they are asked for, and stand a moment later.
      await pause(300);
    },
    async off() {
      await command(await tokenOf('members', 'maria'), 'disableStaffAccess', '', {});
      return performance.now();
    },
    async standstill() {
      child.send('stall');
      const [longest] = (await once(child, 'message')) as [Standstill];
      return longest;
    },
    async stop() {
      if (child.exitCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      await Promise.all([issuers.members.close(), issuers.staff.close()]);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
