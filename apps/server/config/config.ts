import * as v from 'valibot';

/** The service's configuration, read once from the environment. `docs/operate.md` lists every variable. */
export interface Config {
  readonly production: boolean;
  readonly host: string;
  readonly port: number;
  /** Origin of the service as browsers and products see it. */
  readonly publicUrl: string;
  /** Origins beside the service's own and the product's whose pages may open a WebSocket. */
  readonly allowedOrigins: readonly string[];
  readonly dataDirectory: string;
  /** Connection string of the EventStoreDB that is the log; absent: the embedded log in the data directory. */
  readonly logUrl?: string;
  /** Connection string of the PostgreSQL that holds the tables; absent: a file in the data directory. */
  readonly tablesUrl?: string;
  /** An older copy of the log may take the place of the one that was seen last: snapshots and tables are made anew. */
  readonly restoredLog: 'refuse' | 'accept';
  readonly product: { readonly id: string; readonly name: string; readonly url: string };
  /** The vendor's time zone, as IANA names it: its weeks are those that visits are checked by. */
  readonly timeZone: string;
  readonly keySha256: { readonly product?: string; readonly directory?: string; readonly operator?: string };
  /** The master secret: codes and cursors are signed with keys derived from it. At least 32 bytes. */
  readonly secret?: Uint8Array;
  /** A private RSA key in a JWK file, to sign visits' tokens with. */
  readonly signingKeyFile?: string;
  readonly catalogueFile?: string;
  readonly policyFile?: string;
  readonly signIn: SignIn;
  /** The pages' own clients at the vendor's issuers; absent: with these issuers the pages are not served. */
  readonly pages?: PagesClients;
  readonly actorToken: 'required' | 'console';
  readonly logLevel: LogLevel;
  /** Off: nothing is ended promptly, and everything ends all the same, when it is next decided about. */
  readonly timekeeper: boolean;
  /** `enforce`: browsers are served the operations of our own pages only. */
  readonly trustedDocuments: 'off' | 'enforce';
}

export type SignIn =
  | { readonly kind: 'embedded'; readonly peopleFile: string }
  | { readonly kind: 'oidc'; readonly members: IssuerConfig; readonly staff: IssuerConfig };

export interface IssuerConfig {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly audience: string;
}

export interface PagesClients {
  /** Client ids, by realm. */
  readonly members: string;
  readonly staff: string;
  /** Space-separated; `openid` is in it. */
  readonly scope: string;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

/** The configuration can't be used; `problems` has one sentence for each bad value, naming the variable. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const origin = v.pipe(
  v.string(),
  v.check(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be an origin like http://localhost:4000, without a path',
  ),
);
const origins = v.pipe(
  v.string(),
  v.transform((text) => text.split(/[\s,]+/).filter((part) => part !== '')),
  v.everyItem(
    (text) => URL.canParse(text) && new URL(text).origin === text,
    'must be a list of origins like https://console.vendor.example, without paths',
  ),
);
const address = v.pipe(
  v.string(),
  v.check(
    (text) => /^https?:/.test(text) && URL.canParse(text),
    'must be an address that begins with http:// or https://',
  ),
);
const esdb = v.pipe(
  v.string(),
  v.check(
    (text) => /^esdb(\+discover)?:\/\/[^/?]+/.test(text),
    'must be a connection string that begins with esdb:// or esdb+discover://',
  ),
);
const postgres = v.pipe(
  v.string(),
  v.check(
    (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
    'must be a connection string that begins with postgres://',
  ),
);
const timeZone = v.pipe(v.string(), v.check(isTimeZone, 'must be a time zone as IANA names it, like Europe/Berlin'));
const sha256 = v.pipe(v.string(), v.toLowerCase(), v.regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hex: 64 digits'));
const secret = v.pipe(
  v.string(),
  v.transform((text) => Buffer.from(text, 'base64')),
  v.check((bytes) => bytes.byteLength >= 32, 'must be at least 32 bytes in base64 (openssl rand -base64 32)'),
);
const port = v.pipe(
  v.string(),
  v.regex(/^\d{1,5}$/, 'must be a port number'),
  v.transform(Number),
  v.maxValue(65_535, 'must be a port number'),
);
const text = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'));
const scope = v.pipe(
  text,
  v.check(
    (given) =>
      /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(given) && given.split(' ').includes('openid'),
    'must be scopes by single spaces, openid among them',
  ),
);
const onOff = (fallback: 'on' | 'off') => v.optional(v.picklist(['on', 'off'], 'must be "on" or "off"'), fallback);

const variables = {
  GATEBOOK_HOST: v.optional(text, '127.0.0.1'),
  GATEBOOK_PORT: v.optional(port, '4000'),
  GATEBOOK_PUBLIC_URL: v.optional(origin),
  GATEBOOK_ALLOWED_ORIGINS: v.optional(origins, ''),
  GATEBOOK_DATA_DIR: v.optional(text, '.gatebook'),
  GATEBOOK_LOG_URL: v.optional(esdb),
  GATEBOOK_TABLES_URL: v.optional(postgres),
  GATEBOOK_RESTORED_LOG: v.optional(v.picklist(['refuse', 'accept'], 'must be "refuse" or "accept"'), 'refuse'),
  GATEBOOK_PRODUCT_ID: v.optional(
    v.pipe(text, v.regex(/^[a-z0-9-]{1,40}$/, 'must be small letters, digits and hyphens')),
    'fernway',
  ),
  GATEBOOK_PRODUCT_NAME: v.optional(text, 'Fernway'),
  GATEBOOK_PRODUCT_URL: v.optional(origin, 'http://localhost:4100'),
  GATEBOOK_TIME_ZONE: v.optional(timeZone, 'UTC'),
  GATEBOOK_PRODUCT_KEY_SHA256: v.optional(sha256),
  GATEBOOK_DIRECTORY_KEY_SHA256: v.optional(sha256),
  GATEBOOK_OPERATOR_KEY_SHA256: v.optional(sha256),
  GATEBOOK_SECRET: v.optional(secret),
  GATEBOOK_SIGNING_KEY_FILE: v.optional(text),
  GATEBOOK_CATALOGUE: v.optional(text),
  GATEBOOK_POLICY: v.optional(text),
  GATEBOOK_SIGN_IN: v.optional(v.picklist(['embedded', 'oidc'], 'must be "embedded" or "oidc"'), 'embedded'),
  GATEBOOK_PEOPLE: v.optional(text, 'apps/demo/people.json'),
  GATEBOOK_MEMBERS_ISSUER: v.optional(address),
  GATEBOOK_MEMBERS_JWKS_URI: v.optional(address),
  GATEBOOK_MEMBERS_AUDIENCE: v.optional(text),
  GATEBOOK_STAFF_ISSUER: v.optional(address),
  GATEBOOK_STAFF_JWKS_URI: v.optional(address),
  GATEBOOK_STAFF_AUDIENCE: v.optional(text),
  GATEBOOK_PAGES_MEMBERS_CLIENT_ID: v.optional(text),
  GATEBOOK_PAGES_STAFF_CLIENT_ID: v.optional(text),
  GATEBOOK_PAGES_SCOPE: v.optional(scope, 'openid profile email'),
  GATEBOOK_ACTOR_TOKEN: v.optional(v.picklist(['required', 'console'], 'must be "required" or "console"'), 'required'),
  GATEBOOK_LOG_LEVEL: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
  GATEBOOK_TIMEKEEPER: onOff('on'),
  GATEBOOK_TRUSTED_DOCUMENTS: v.optional(v.picklist(['off', 'enforce'], 'must be "off" or "enforce"'), 'off'),
} as const;

/** Every variable that is read, for `config check` and for telling a misspelt one. */
export const VARIABLES: readonly string[] = Object.keys(variables);

/** Variables of the command, the demo product and the tests, which may stand in the same environment. */
const OTHERS = /^GATEBOOK_(URL|TOKEN|OPERATOR_KEY|PRODUCT_KEY|(ADMIN|LOG)_PASSWORD|LONG|SEED|WRITE_[A-Z]+)$/;

/** @throws {ConfigInvalid} naming every bad value, every unknown variable and everything unsafe in production. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const problems: string[] = [];
  for (const name of Object.keys(environment)) {
    if (name.startsWith('GATEBOOK_') && !VARIABLES.includes(name) && !OTHERS.test(name))
      problems.push(`${name} is not a setting of Gatebook.`);
  }
  // An empty variable is one that is not set, as in a compose file with a blank default.
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = v.safeParse(v.object(variables), given);
  if (!parsed.success) {
    problems.push(...parsed.issues.map((issue) => `${v.getDotPath(issue)} ${issue.message}; it is ${shown(issue)}.`));
    throw new ConfigInvalid(problems);
  }
  const set = parsed.output;
  const production = environment['NODE_ENV'] === 'production';
  const publicUrl = set.GATEBOOK_PUBLIC_URL ?? `http://localhost:${set.GATEBOOK_PORT}`;

  const issuer = (realm: 'MEMBERS' | 'STAFF'): IssuerConfig => {
    const part = (name: 'ISSUER' | 'JWKS_URI' | 'AUDIENCE') => {
      const value = set[`GATEBOOK_${realm}_${name}`];
      if (value === undefined) problems.push(`GATEBOOK_${realm}_${name} is missing: GATEBOOK_SIGN_IN is "oidc".`);
      return value ?? '';
    };
    return { issuer: part('ISSUER'), jwksUri: part('JWKS_URI'), audience: part('AUDIENCE') };
  };
  const signIn: SignIn =
    set.GATEBOOK_SIGN_IN === 'oidc'
      ? { kind: 'oidc', members: issuer('MEMBERS'), staff: issuer('STAFF') }
      : { kind: 'embedded', peopleFile: set.GATEBOOK_PEOPLE };

  const [members, staff] = [set.GATEBOOK_PAGES_MEMBERS_CLIENT_ID, set.GATEBOOK_PAGES_STAFF_CLIENT_ID];
  if ((members === undefined) !== (staff === undefined)) {
    const missing = members === undefined ? 'MEMBERS' : 'STAFF';
    problems.push(`GATEBOOK_PAGES_${missing}_CLIENT_ID is missing: the pages sign in members and staff.`);
  }

  const config: Config = {
    production,
    host: set.GATEBOOK_HOST,
    port: set.GATEBOOK_PORT,
    publicUrl,
    allowedOrigins: set.GATEBOOK_ALLOWED_ORIGINS,
    dataDirectory: set.GATEBOOK_DATA_DIR,
    logUrl: set.GATEBOOK_LOG_URL,
    tablesUrl: set.GATEBOOK_TABLES_URL,
    restoredLog: set.GATEBOOK_RESTORED_LOG,
    product: { id: set.GATEBOOK_PRODUCT_ID, name: set.GATEBOOK_PRODUCT_NAME, url: set.GATEBOOK_PRODUCT_URL },
    timeZone: set.GATEBOOK_TIME_ZONE,
    keySha256: {
      product: set.GATEBOOK_PRODUCT_KEY_SHA256,
      directory: set.GATEBOOK_DIRECTORY_KEY_SHA256,
      operator: set.GATEBOOK_OPERATOR_KEY_SHA256,
    },
    secret: set.GATEBOOK_SECRET,
    signingKeyFile: set.GATEBOOK_SIGNING_KEY_FILE,
    catalogueFile: set.GATEBOOK_CATALOGUE,
    policyFile: set.GATEBOOK_POLICY,
    signIn,
    ...(members !== undefined && staff !== undefined && { pages: { members, staff, scope: set.GATEBOOK_PAGES_SCOPE } }),
    actorToken: set.GATEBOOK_ACTOR_TOKEN,
    logLevel: set.GATEBOOK_LOG_LEVEL,
    timekeeper: set.GATEBOOK_TIMEKEEPER === 'on',
    trustedDocuments: set.GATEBOOK_TRUSTED_DOCUMENTS,
  };
  problems.push(...(production ? unsafeInProduction(config) : []));
  if (problems.length > 0) throw new ConfigInvalid(problems);
  return config;
}

/** What is fine on a developer's machine and not in front of customers (threat T67). */
function unsafeInProduction({
  signIn,
  publicUrl,
  product,
  keySha256,
  secret: given,
  signingKeyFile,
  ...rest
}: Config): string[] {
  const unsafe: string[] = [];
  const must = (holds: boolean, sentence: string) => {
    if (!holds) unsafe.push(`Not safe in production: ${sentence}`);
  };
  must(signIn.kind === 'oidc', 'GATEBOOK_SIGN_IN is "embedded": anybody could sign in as anybody.');
  if (signIn.kind === 'oidc') {
    for (const { issuer, jwksUri } of [signIn.members, signIn.staff]) {
      must(
        issuer.startsWith('https:') && jwksUri.startsWith('https:'),
        `the issuer ${issuer || '(missing)'} is not reached by https.`,
      );
    }
    must(signIn.members.issuer !== signIn.staff.issuer, 'members and staff have the same issuer.');
  }
  must(publicUrl.startsWith('https:'), 'GATEBOOK_PUBLIC_URL is not https.');
  must(product.url.startsWith('https:'), 'GATEBOOK_PRODUCT_URL is not https.');
  for (const allowed of rest.allowedOrigins)
    must(allowed.startsWith('https:'), `${allowed} in GATEBOOK_ALLOWED_ORIGINS is not https.`);
  must(keySha256.product !== undefined, 'GATEBOOK_PRODUCT_KEY_SHA256 is missing.');
  must(keySha256.directory !== undefined, 'GATEBOOK_DIRECTORY_KEY_SHA256 is missing.');
  must(keySha256.operator !== undefined, 'GATEBOOK_OPERATOR_KEY_SHA256 is missing.');
  must(given !== undefined, 'GATEBOOK_SECRET is missing.');
  must(signingKeyFile !== undefined, 'GATEBOOK_SIGNING_KEY_FILE is missing.');
  if (rest.logUrl !== undefined) {
    must(!/[?&]tls=false/i.test(rest.logUrl), 'GATEBOOK_LOG_URL turns TLS off.');
    must(!/[?&]tlsVerifyCert=false/i.test(rest.logUrl), 'GATEBOOK_LOG_URL takes any certificate.');
    must(/^esdb(\+discover)?:\/\/[^/@]+:[^/@]+@/.test(rest.logUrl), 'GATEBOOK_LOG_URL names no user of its own.');
  }
  if (rest.tablesUrl !== undefined) {
    const { hostname, searchParams } = new URL(rest.tablesUrl);
    const encrypted = ['require', 'verify-ca', 'verify-full'].includes(searchParams.get('sslmode') ?? '');
    must(encrypted || LOOPBACK.test(hostname), 'GATEBOOK_TABLES_URL leaves this machine without sslmode=verify-full.');
  }
  must(rest.timekeeper, 'GATEBOOK_TIMEKEEPER is off: ends would be written late.');
  return unsafe;
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** The value as it was given, where it can't be a secret. */
function shown(issue: v.BaseIssue<unknown>): string {
  const name = v.getDotPath(issue as v.BaseIssue<unknown> & { path: undefined }) ?? '';
  return /SECRET|SHA256|LOG_URL|TABLES_URL/.test(name) ? 'not shown' : JSON.stringify(issue.input);
}
