import { describe, expect, it } from '@jest/globals';
import { ConfigInvalid, readConfig, VARIABLES } from './config.ts';

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.problems;
    throw error;
  }
  return [];
}

describe('The configuration', () => {
  it('needs nothing at all on a developer’s machine, and listens on loopback', () => {
    expect(readConfig({})).toMatchObject({
      production: false,
      host: '127.0.0.1',
      port: 4000,
      publicUrl: 'http://localhost:4000',
      dataDirectory: '.gatebook',
      signIn: { kind: 'embedded' },
      actorToken: 'required',
      timekeeper: true,
    });
  });

  it('names every bad value at once, with the variable and what it must be', () => {
    expect(
      problemsOf({
        GATEBOOK_PORT: 'eighty',
        GATEBOOK_PUBLIC_URL: 'http://localhost:4000/gate',
        GATEBOOK_LOG_LEVEL: 'loud',
        GATEBOOK_TIMEKEEPER: 'yes',
        GATEBOOK_TIME_ZONE: 'Berlin',
      }),
    ).toEqual([
      'GATEBOOK_PORT must be a port number; it is "eighty".',
      'GATEBOOK_PUBLIC_URL must be an origin like http://localhost:4000, without a path; it is "http://localhost:4000/gate".',
      'GATEBOOK_TIME_ZONE must be a time zone as IANA names it, like Europe/Berlin; it is "Berlin".',
      'GATEBOOK_LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent; it is "loud".',
      'GATEBOOK_TIMEKEEPER must be "on" or "off"; it is "yes".',
    ]);
  });

  it('never shows a value that could be a secret', () => {
    const problems = problemsOf({ GATEBOOK_SECRET: 'c2hvcnQ=', GATEBOOK_PRODUCT_KEY_SHA256: 'a-key-in-clear' });
    expect(problems).toEqual([
      'GATEBOOK_PRODUCT_KEY_SHA256 must be a SHA-256 in hex: 64 digits; it is not shown.',
      'GATEBOOK_SECRET must be at least 32 bytes in base64 (openssl rand -base64 32); it is not shown.',
    ]);
  });

  it('tells a misspelt variable from one that is not set', () => {
    expect(problemsOf({ GATEBOOK_PROT: '4000' })).toEqual(['GATEBOOK_PROT is not a setting of Gatebook.']);
  });

  it('passes over what the command and the demo product read from the same environment', () => {
    expect(
      problemsOf({ GATEBOOK_URL: 'http://localhost:4000', GATEBOOK_PRODUCT_KEY: 'gbk_x', GATEBOOK_TOKEN: 't' }),
    ).toEqual([]);
  });

  it('shows nothing of a connection string that it can’t use', () => {
    expect(
      problemsOf({ GATEBOOK_LOG_URL: 'http://user:secret@log', GATEBOOK_TABLES_URL: 'mysql://u:secret@db' }),
    ).toEqual([
      'GATEBOOK_LOG_URL must be a connection string that begins with esdb:// or esdb+discover://; it is not shown.',
      'GATEBOOK_TABLES_URL must be a connection string that begins with postgres://; it is not shown.',
    ]);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ GATEBOOK_PORT: '' }).port).toBe(4000);
  });

  it('takes origins of other pages by spaces or commas, and nothing that is none', () => {
    const GATEBOOK_ALLOWED_ORIGINS = ' https://console.vendor.example,http://localhost:5173  https://b.example ';
    expect(readConfig({ GATEBOOK_ALLOWED_ORIGINS }).allowedOrigins).toEqual([
      'https://console.vendor.example',
      'http://localhost:5173',
      'https://b.example',
    ]);
    expect(readConfig({}).allowedOrigins).toEqual([]);
    for (const wrong of ['*', 'null', 'console.vendor.example', 'https://a.example/', 'https://a.example/path']) {
      const value = `https://b.example ${wrong}`;
      expect([wrong, problemsOf({ GATEBOOK_ALLOWED_ORIGINS: value })[0]]).toEqual([
        wrong,
        expect.stringContaining('must be a list of origins like https://console.vendor.example, without paths'),
      ]);
    }
  });

  it('takes clients for the pages at the issuers, both or none', () => {
    const clients = { GATEBOOK_PAGES_MEMBERS_CLIENT_ID: 'customers', GATEBOOK_PAGES_STAFF_CLIENT_ID: 'vendor' };
    const [members, staff] = ['customers', 'vendor'];
    expect(readConfig({}).pages).toBeUndefined();
    expect(readConfig(clients).pages).toEqual({ members, staff, scope: 'openid profile email' });
    const GATEBOOK_PAGES_SCOPE = 'openid profile offline_access';
    expect(readConfig({ ...clients, GATEBOOK_PAGES_SCOPE }).pages).toEqual({
      members,
      staff,
      scope: GATEBOOK_PAGES_SCOPE,
    });
    expect(problemsOf({ ...clients, GATEBOOK_PAGES_STAFF_CLIENT_ID: '' })).toEqual([
      'GATEBOOK_PAGES_STAFF_CLIENT_ID is missing: the pages sign in members and staff.',
    ]);
    expect(problemsOf({ GATEBOOK_PAGES_STAFF_CLIENT_ID: 'vendor' })).toEqual([
      'GATEBOOK_PAGES_MEMBERS_CLIENT_ID is missing: the pages sign in members and staff.',
    ]);
    for (const wrong of ['profile email', 'openid,profile', 'openid "x"'])
      expect([wrong, problemsOf({ GATEBOOK_PAGES_SCOPE: wrong })]).toEqual([
        wrong,
        [expect.stringMatching(/^GATEBOOK_PAGES_SCOPE must be scopes by single spaces, openid among them/)],
      ]);
  });

  it('needs issuers when sign-in is by OpenID', () => {
    expect(problemsOf({ GATEBOOK_SIGN_IN: 'oidc' })).toEqual(
      ['MEMBERS', 'STAFF'].flatMap((realm) =>
        ['ISSUER', 'JWKS_URI', 'AUDIENCE'].map(
          (part) => `GATEBOOK_${realm}_${part} is missing: GATEBOOK_SIGN_IN is "oidc".`,
        ),
      ),
    );
  });

  describe('in production', () => {
    const safe = {
      NODE_ENV: 'production',
      GATEBOOK_PUBLIC_URL: 'https://gate.vendor.example',
      GATEBOOK_PRODUCT_URL: 'https://app.vendor.example',
      GATEBOOK_PRODUCT_KEY_SHA256: 'a'.repeat(64),
      GATEBOOK_DIRECTORY_KEY_SHA256: 'b'.repeat(64),
      GATEBOOK_OPERATOR_KEY_SHA256: 'c'.repeat(64),
      GATEBOOK_SECRET: Buffer.alloc(32, 7).toString('base64'),
      GATEBOOK_SIGNING_KEY_FILE: '/etc/gatebook/signing.jwk',
      GATEBOOK_SIGN_IN: 'oidc',
      GATEBOOK_MEMBERS_ISSUER: 'https://id.vendor.example/members',
      GATEBOOK_MEMBERS_JWKS_URI: 'https://id.vendor.example/members/jwks',
      GATEBOOK_MEMBERS_AUDIENCE: 'gatebook',
      GATEBOOK_STAFF_ISSUER: 'https://id.vendor.example/staff',
      GATEBOOK_STAFF_JWKS_URI: 'https://id.vendor.example/staff/jwks',
      GATEBOOK_STAFF_AUDIENCE: 'gatebook',
    };

    it('starts with everything set and safe', () => {
      expect(readConfig(safe).production).toBe(true);
    });

    it('does not start with the defaults, and names each unsafe one (threat T67)', () => {
      expect(problemsOf({ NODE_ENV: 'production' })).toEqual(
        [
          'GATEBOOK_SIGN_IN is "embedded": anybody could sign in as anybody.',
          'GATEBOOK_PUBLIC_URL is not https.',
          'GATEBOOK_PRODUCT_URL is not https.',
          'GATEBOOK_PRODUCT_KEY_SHA256 is missing.',
          'GATEBOOK_DIRECTORY_KEY_SHA256 is missing.',
          'GATEBOOK_OPERATOR_KEY_SHA256 is missing.',
          'GATEBOOK_SECRET is missing.',
          'GATEBOOK_SIGNING_KEY_FILE is missing.',
        ].map((sentence) => `Not safe in production: ${sentence}`),
      );
    });

    it('does not take one issuer for members and staff (threat T4)', () => {
      const same = { ...safe, GATEBOOK_STAFF_ISSUER: safe.GATEBOOK_MEMBERS_ISSUER };
      expect(problemsOf(same)).toEqual(['Not safe in production: members and staff have the same issuer.']);
    });

    it.each([
      ['GATEBOOK_LOG_URL', 'esdb://gatebook:secret@log.internal:2113?tls=false', 'GATEBOOK_LOG_URL turns TLS off.'],
      [
        'GATEBOOK_LOG_URL',
        'esdb://gatebook:secret@log.internal:2113?tlsVerifyCert=false',
        'GATEBOOK_LOG_URL takes any certificate.',
      ],
      ['GATEBOOK_LOG_URL', 'esdb+discover://log.internal:2113', 'GATEBOOK_LOG_URL names no user of its own.'],
      [
        'GATEBOOK_TABLES_URL',
        'postgres://gatebook:secret@db.internal/gatebook',
        'GATEBOOK_TABLES_URL leaves this machine without sslmode=verify-full.',
      ],
    ])('does not start with %s as %s', (name, value, sentence) => {
      expect(problemsOf({ ...safe, [name]: value })).toEqual([`Not safe in production: ${sentence}`]);
    });

    it('starts on an EventStoreDB with TLS and a user, and a PostgreSQL with TLS or on this machine', () => {
      const GATEBOOK_LOG_URL = 'esdb+discover://gatebook:secret@log.internal:2113';
      for (const GATEBOOK_TABLES_URL of [
        'postgres://gatebook:secret@db.internal/gatebook?sslmode=verify-full',
        'postgres://gatebook:secret@127.0.0.1:5432/gatebook',
      ]) {
        const config = readConfig({ ...safe, GATEBOOK_LOG_URL, GATEBOOK_TABLES_URL });
        expect([config.logUrl, config.tablesUrl]).toEqual([GATEBOOK_LOG_URL, GATEBOOK_TABLES_URL]);
      }
    });

    it('wants the pages of other origins by https', () => {
      expect(problemsOf({ ...safe, GATEBOOK_ALLOWED_ORIGINS: 'https://a.example http://b.example' })).toEqual([
        'Not safe in production: http://b.example in GATEBOOK_ALLOWED_ORIGINS is not https.',
      ]);
    });

    it.each(['GATEBOOK_PUBLIC_URL', 'GATEBOOK_PRODUCT_URL', 'GATEBOOK_STAFF_JWKS_URI'])('wants %s by https', (name) => {
      const plain = { ...safe, [name]: safe[name as keyof typeof safe].replace('https:', 'http:') };
      expect(problemsOf(plain)).toHaveLength(1);
    });
  });

  it('has a name for every variable', () => {
    expect(VARIABLES.every((name) => name.startsWith('GATEBOOK_'))).toBe(true);
  });
});
