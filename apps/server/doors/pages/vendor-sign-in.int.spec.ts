import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { freePort } from '../../adapters/oidc/testing/free-port.ts';
import { startVendorIssuer, type VendorIssuer } from '../../adapters/oidc/testing/vendor-issuer.ts';
import { CookieJar } from '../../../cli/sign-in.ts';
import { readConfig } from '../../config/config.ts';
import { startService } from '../../service.ts';
import { livedTime, PATIENCE } from '../../testing/lived-time.ts';

const AUDIENCE = 'https://gatebook.vendor.example/graphql';
const VERIFIER = 'a'.repeat(43);
const CHALLENGE = 'ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA';

const made: (() => unknown)[] = [];
afterEach(async () => {
  for (const undo of made.splice(0).reverse()) await undo();
});

interface RealmFacts {
  readonly issuer: string;
  readonly clientId: string;
  readonly scope: string;
  readonly resource: string;
}

/** The service with the vendor's two issuers, and the pages as they were built. */
async function start(settings: Readonly<Record<string, string>>) {
  const directory = mkdtempSync(join(tmpdir(), 'gatebook-vendor-'));
  made.push(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'pages', 'assets'), { recursive: true });
  writeFileSync(
    join(directory, 'pages', 'index.html'),
    '<!doctype html><script type="application/json" id="gatebook-page">null</script>',
  );
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const issuerOf = async (clientId: string, person: { sub: string; name: string }) => {
    const issuer = await startVendorIssuer({ clientId, pages: url, audience: AUDIENCE, person });
    made.push(() => issuer.close());
    return issuer;
  };
  const issuers = {
    members: await issuerOf('customers-client', { sub: 'maria', name: 'Maria Ortiz' }),
    staff: await issuerOf('vendor-client', { sub: 'sam', name: 'Sam Lee' }),
  };
  const said: string[] = [];
  const service = await startService({
    config: readConfig({
      GATEBOOK_PORT: String(port),
      GATEBOOK_PUBLIC_URL: url,
      GATEBOOK_DATA_DIR: directory,
      GATEBOOK_SIGN_IN: 'oidc',
      GATEBOOK_MEMBERS_ISSUER: issuers.members.issuer,
      GATEBOOK_MEMBERS_JWKS_URI: issuers.members.jwksUri,
      GATEBOOK_MEMBERS_AUDIENCE: AUDIENCE,
      GATEBOOK_STAFF_ISSUER: issuers.staff.issuer,
      GATEBOOK_STAFF_JWKS_URI: issuers.staff.jwksUri,
      GATEBOOK_STAFF_AUDIENCE: AUDIENCE,
      ...settings,
    }),
    logger: pino(
      { level: 'warn' },
      { write: (line: string) => void said.push((JSON.parse(line) as { msg: string }).msg) },
    ),
    pagesDirectory: join(directory, 'pages'),
    timer: livedTime,
    patience: PATIENCE,
    onFatal: (error) => {
      throw error;
    },
  });
  made.push(() => service.close());
  return { url, issuers, said };
}

/** Where the page may send a script's requests, by its policy. */
function connectSources(response: Response): string[] {
  const policy = response.headers.get('content-security-policy') ?? '';
  return /connect-src ([^;]+)/.exec(policy)?.[1]?.split(' ') ?? [];
}

/** As the page does it: to the issuer, back with a code, and the code for tokens by script. */
async function signIn(url: string, { issuer, clientId, scope, resource }: RealmFacts, allowed: readonly string[]) {
  const found = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as Record<string, string>;
  const question = {
    ...{ client_id: clientId, response_type: 'code', scope, resource, redirect_uri: `${url}/signed-in` },
    ...{ state: 'st', nonce: 'no', code_challenge: CHALLENGE, code_challenge_method: 'S256' },
  };
  const jar = new CookieJar();
  let at = new URL(`${found['authorization_endpoint']}?${new URLSearchParams(question)}`);
  while (at.origin !== url) {
    const step = await fetch(at, { redirect: 'manual', headers: { cookie: jar.headerFor(at) } });
    jar.keep(at, step.headers.getSetCookie());
    at = new URL(step.headers.get('location')!, at);
  }
  expect((await fetch(at)).status).toBe(200);

  const endpoint = new URL(found['token_endpoint']!);
  expect(allowed).toContain(endpoint.origin);
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: { origin: url },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', client_id: clientId, code: at.searchParams.get('code')! },
      ...{ redirect_uri: `${url}/signed-in`, code_verifier: VERIFIER, resource },
    }),
  });
  expect(response.headers.get('access-control-allow-origin')).toBe(url);
  return ((await response.json()) as { access_token: string }).access_token;
}

const CLIENTS = {
  GATEBOOK_PAGES_MEMBERS_CLIENT_ID: 'customers-client',
  GATEBOOK_PAGES_STAFF_CLIENT_ID: 'vendor-client',
};
const factsIn = async (page: Response) =>
  JSON.parse(/id="gatebook-page">(.*)<\/script>/s.exec(await page.text())![1]!) as {
    readonly people: unknown;
    readonly signIn: Readonly<Record<'members' | 'staff', RealmFacts>>;
  };

describe('The pages, where people sign in with the vendor’s own issuers', () => {
  it('know their clients there, may talk to where codes are taken, and are called back with what the API accepts', async () => {
    const { url, issuers, said } = await start(CLIENTS);
    const page = await fetch(`${url}/owner`);
    const allowed = connectSources(page);
    const origins = ({ issuer, tokenEndpoint }: VendorIssuer) => [issuer, new URL(tokenEndpoint).origin];
    expect(allowed.toSorted()).toEqual(
      ["'self'", url.replace('http', 'ws'), ...origins(issuers.members), ...origins(issuers.staff)].toSorted(),
    );
    const { signIn: facts, people } = await factsIn(page);
    const of = (realm: 'members' | 'staff', clientId: string) => ({
      ...{ issuer: issuers[realm].issuer, clientId, scope: 'openid profile email', resource: AUDIENCE },
    });
    expect({ facts, people }).toEqual({
      facts: { members: of('members', 'customers-client'), staff: of('staff', 'vendor-client') },
      people: null,
    });
    const viewer = async (realm: 'members' | 'staff') => {
      const token = await signIn(url, facts[realm], allowed);
      const answer = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: '{ viewer { name isStaff } }' }),
      });
      return ((await answer.json()) as { data?: { viewer: object } }).data?.viewer;
    };
    expect(await viewer('members')).toEqual({ name: 'Maria Ortiz', isStaff: false });
    expect(await viewer('staff')).toEqual({ name: 'Sam Lee', isStaff: true });
    expect(said).toEqual([]);
  });

  it('are not served without clients, and the start says so', async () => {
    const { url, said } = await start({});
    for (const path of ['/', '/owner', '/staff', '/signed-in']) {
      const { status } = await fetch(`${url}${path}`);
      expect([path, status]).toEqual([path, 404]);
    }
    expect(said).toEqual([
      'The pages are not served: GATEBOOK_PAGES_MEMBERS_CLIENT_ID and GATEBOOK_PAGES_STAFF_CLIENT_ID are not set.',
    ]);
  });

  it('name no resource where the audience is no address: the issuer knows it by the client', async () => {
    const { url } = await start({ ...CLIENTS, GATEBOOK_MEMBERS_AUDIENCE: 'gatebook' });
    const { signIn: facts } = await factsIn(await fetch(`${url}/`));
    expect([facts.members.resource, facts.staff.resource]).toEqual([undefined, AUDIENCE]);
  });

  it('open while an issuer is away, and say in the log which', async () => {
    const { url, issuers, said } = await start(CLIENTS);
    await issuers.staff.close();
    const page = await fetch(`${url}/owner`);
    expect(page.status).toBe(200);
    expect(connectSources(page)).toEqual([
      "'self'",
      url.replace('http', 'ws'),
      issuers.members.issuer,
      issuers.staff.issuer,
      new URL(issuers.members.tokenEndpoint).origin,
    ]);
    expect(said).toEqual(['an issuer could not be asked where it takes codes']);
  });
});
