import {
  EVALUATION_PATH,
  GRANT_TOKEN_EXCHANGE,
  SIGNALS_PATH,
  TOKEN_PATH,
  TOKEN_TYPE_ENTRY_CODE,
  TOKEN_TYPE_ID,
  VISIT_HEADER,
  type Signal,
  type SignalsAnswer,
} from '@gatebook/protocol';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { v7 } from 'uuid';
import type { LogReader, RecordedFact } from '#event-log/port';
import { openSqliteLogReader } from '#event-log/sqlite/reader';
import { parsePeople } from '#server/adapters/oidc/people';
import { freePort } from '#server/adapters/oidc/testing/free-port';
import { startTestIssuer, type MintOptions, type TestIssuer } from '#server/adapters/oidc/testing/test-issuer';
import { readConfig, type Config } from '#server/config/config';
import { KEYS_FILE, type MadeKeys } from '#server/config/installation-keys';
import { memberIdOf, staffIdOf, workspaceIdOf } from '#server/desk/identity';
import { startService, type Service } from '#server/service';
import { httpCall, type HttpAnswer, type HttpCall } from './http-call.ts';
import { livedTime, PATIENCE } from './lived-time.ts';
import { putKeys } from './made-keys.ts';
import { until } from './until.ts';

/** When the clock of a service in this process stands at first. */
export const START = Date.parse('2026-11-21T09:00:00.000Z');
const began = performance.now();
/** A clock that begins there and runs, the same for all who ask: services of one log, and the log. */
export const runningTime = () => START + Math.floor(performance.now() - began);
export const PRODUCT = 'fernway';
const WORKSPACES = { acme: ['Acme Co', 'CASE-123'], bluebird: ['Bluebird Bakery', 'CASE-204'] } as const;
export type WorkspaceRef = keyof typeof WORKSPACES;

export type { HttpAnswer, HttpCall };

type Unnumbered<S> = S extends Signal ? Omit<S, 'id'> : never;
/** A signal whose id is made by whoever sends it. */
export type UnnumberedSignal = Unnumbered<Signal>;

/** A visit that is entered: what the product holds of it. */
export interface Inside {
  readonly workspace: WorkspaceRef;
  readonly staff: string;
  readonly sessionId: string;
  readonly token: string;
}

export interface StartWish {
  readonly staff?: string;
  readonly workspace?: WorkspaceRef;
  readonly reason?: string;
  readonly job?: string | null;
  readonly commandId?: string;
}

export interface InProcessOptions {
  /** What of the configuration is another one than that of a developer's machine. */
  readonly config?: Partial<Config>;
  /** Tell the service of the people, workspaces and cases of the demo; default: yes. */
  readonly told?: boolean;
}

const START_SESSION = `mutation ($input: StartSessionInput!) {
  startSession(input: $input) { position entryCode enterUrl session { id } userErrors { __typename code message field } }
}`;
const ENABLE = `mutation ($input: EnableStaffAccessInput!) {
  enableStaffAccess(input: $input) { position userErrors { code message } }
}`;
const DISABLE = `mutation ($input: DisableStaffAccessInput!) {
  disableStaffAccess(input: $input) { position userErrors { code message } }
}`;

/**
 * The whole service in this process, on a free port, with a data directory of its own, a clock to set and an issuer for
 * each realm that gives a token to anybody: `apps/demo`'s people, workspaces and catalogue.
 */
export class InProcess {
  readonly directory: string;
  readonly issuers: Readonly<Record<'members' | 'staff', TestIssuer>>;
  #config: Config;
  #service!: Service;
  #keys!: MadeKeys;
  #now = START;
  #isRunning = false;

  private constructor(directory: string, issuers: InProcess['issuers'], config: Config) {
    this.directory = directory;
    this.issuers = issuers;
    this.#config = config;
  }

  static async start({ config = {}, told = true }: InProcessOptions = {}): Promise<InProcess> {
    const directory = mkdtempSync(join(tmpdir(), 'gatebook-service-'));
    const port = await freePort();
    const url = `http://localhost:${port}`;
    const world: { now(): number } = { now: () => START };
    const issuer = () =>
      startTestIssuer({ now: () => world.now(), audience: `${url}/graphql`, clientId: PRODUCT, algorithm: 'ES256' });
    await putKeys(directory);
    const issuers = { members: await issuer(), staff: await issuer() };
    const trusted = ({ issuer: name, jwksUri, audience }: TestIssuer) => ({ issuer: name, jwksUri, audience });
    const started = new InProcess(directory, issuers, {
      ...readConfig({
        GATEBOOK_PORT: String(port),
        GATEBOOK_PUBLIC_URL: url,
        GATEBOOK_DATA_DIR: directory,
        GATEBOOK_CATALOGUE: 'apps/demo/gatebook.catalogue.yaml',
        GATEBOOK_TIMEKEEPER: 'off',
      }),
      signIn: { kind: 'oidc', members: trusted(issuers.members), staff: trusted(issuers.staff) },
      ...config,
    });
    world.now = () => started.now;
    await started.#run();
    if (told) await started.tell();
    return started;
  }

  /** Epoch milliseconds: the service's time. It stands where it was set until it runs. */
  get now(): number {
    return this.#isRunning ? runningTime() : this.#now;
  }

  set now(now: number) {
    this.#now = now;
  }

  runClock(): void {
    this.#isRunning = true;
  }

  /** Whether others write to the log, too. Then the clock runs: it is held against the log's, by the time that passes. */
  get #isShared(): boolean {
    return this.#config.logUrl !== undefined;
  }

  async #run(): Promise<void> {
    if (this.#isShared) this.runClock();
    this.#service = await startService({
      config: this.#config,
      logger: pino({ level: 'silent' }),
      clock: { now: () => this.now },
      ...(!this.#isShared && { timer: livedTime }),
      patience: PATIENCE,
      onFatal: (error) => {
        throw error;
      },
    });
    this.#keys = JSON.parse(readFileSync(join(this.directory, KEYS_FILE), 'utf8')) as MadeKeys;
  }

  get url(): string {
    return this.#config.publicUrl;
  }

  /** Machines' keys, as they stand in `Authorization`. */
  bearer(holder: 'product' | 'directory' | 'operator'): { readonly authorization: string } {
    return { authorization: `Bearer ${this.#keys[holder]}` };
  }

  get productKey(): string {
    return this.#keys.product;
  }

  /** A private key as visits' tokens are signed with, to forge what must not pass. */
  get signingKey(): MadeKeys['signing'] {
    return this.#keys.signing;
  }

  workspaceId(ref: string) {
    return workspaceIdOf(PRODUCT, ref);
  }

  memberId(ref: WorkspaceRef, sub: string) {
    return memberIdOf(this.workspaceId(ref), sub);
  }

  staffId(sub: string) {
    return staffIdOf(this.issuers.staff.issuer, sub);
  }

  commandId(): string {
    return v7({ msecs: this.now });
  }

  memberToken(sub: string, options?: MintOptions): Promise<string> {
    return this.issuers.members.accessToken({ sub, name: sub }, options);
  }

  staffToken(sub: string, options?: MintOptions): Promise<string> {
    return this.issuers.staff.accessToken({ sub, name: sub }, options);
  }

  /** A staff member's own sign-in at the product, as the product shows it. */
  staffIdToken(sub: string, options?: MintOptions): Promise<string> {
    return this.issuers.staff.idToken({ sub, name: sub }, options);
  }

  async call(path: string, call: HttpCall = {}): Promise<HttpAnswer> {
    if (!this.#isShared) return httpCall(this.url + path, call);
    // By its clock a machine that stood still has not heard of the others for too long: one asks again, as one is told.
    return until(async () => {
      const answer = await httpCall(this.url + path, call);
      return answer.status !== 503 && !answer.text.includes('TRY_AGAIN') && answer;
    });
  }

  /** Tells the service; whose key it needs follows from the kind of signal. */
  async signals(...signals: readonly UnnumberedSignal[]): Promise<SignalsAnswer['results']> {
    const holder = signals[0]?.type.startsWith('staff.') ? 'directory' : 'product';
    const answer = await this.call(SIGNALS_PATH, {
      headers: this.bearer(holder),
      body: { signals: signals.map((signal) => ({ id: this.commandId(), ...signal })) },
    });
    if (answer.status !== 200) throw new Error(`The signals were answered ${answer.status}: ${answer.text}`);
    return (answer.body as SignalsAnswer).results;
  }

  /** The demo's people, workspaces and cases. */
  async tell(): Promise<void> {
    const people = parsePeople(JSON.parse(readFileSync('apps/demo/people.json', 'utf8')));
    const refs = Object.keys(WORKSPACES) as WorkspaceRef[];
    await this.signals(
      ...refs.flatMap((workspace): UnnumberedSignal[] => {
        const [name, ref] = WORKSPACES[workspace];
        return [
          { type: 'workspace.registered', workspace, name },
          ...people.members
            .filter((person) => person.workspace === name)
            .map(({ sub: subject, name: shown, email, role }) => {
              const { issuer } = this.issuers.members;
              const member = { workspace, member: subject, issuer, subject, name: shown, email, role };
              return { type: 'member.role-changed' as const, ...member };
            }),
          { type: 'case.opened', workspace, case: ref, title: 'Failed invoice sync' },
        ];
      }),
    );
    const { issuer } = this.issuers.staff;
    await this.signals(
      ...people.staff.map(({ sub: subject, ...person }) => ({
        type: 'staff.enabled' as const,
        issuer,
        subject,
        ...person,
      })),
    );
  }

  /** Posts an operation with an access token; `null`: without one. */
  async graphql(token: string | null, query: string, variables: object = {}): Promise<HttpAnswer> {
    const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
    return this.call('/graphql', { headers, body: { query, variables } });
  }

  /** The owner, or who is named, turns staff access on. */
  async enable(
    workspace: WorkspaceRef = 'acme',
    { by, minutes = null }: { by?: string; minutes?: number | null } = {},
  ) {
    return this.#switch(ENABLE, workspace, by, { minutes });
  }

  async disable(workspace: WorkspaceRef = 'acme', { by }: { by?: string } = {}) {
    return this.#switch(DISABLE, workspace, by, {});
  }

  async #switch(operation: string, workspace: WorkspaceRef, by: string | undefined, more: object) {
    const token = await this.memberToken(by ?? (workspace === 'acme' ? 'maria' : 'bea'));
    const input = { commandId: this.commandId(), workspaceId: this.workspaceId(workspace), ...more };
    return this.graphql(token, operation, { input });
  }

  /** Asks to start a visit; the answer is the door's. */
  async startVisit({ staff = 'sam', workspace = 'acme', reason, job = null, commandId }: StartWish = {}) {
    const input = {
      commandId: commandId ?? this.commandId(),
      workspaceId: this.workspaceId(workspace),
      caseRef: WORKSPACES[workspace][1],
      job,
      reason: reason ?? 'Failed invoice sync since Tuesday',
    };
    return this.graphql(await this.staffToken(staff), START_SESSION, { input });
  }

  /** The token endpoint, as the product; parameters replace those of a right exchange of a code, `undefined` takes one away. */
  async exchange(
    code: string,
    staff: string,
    parameters: Readonly<Record<string, string | undefined>> = {},
  ): Promise<HttpAnswer> {
    const all: Record<string, string | undefined> = {
      grant_type: GRANT_TOKEN_EXCHANGE,
      subject_token: code,
      subject_token_type: TOKEN_TYPE_ENTRY_CODE,
      actor_token: await this.staffIdToken(staff),
      actor_token_type: TOKEN_TYPE_ID,
      ...parameters,
    };
    const given = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return this.call(TOKEN_PATH, { headers: this.bearer('product'), body: new URLSearchParams(given) });
  }

  /** A code for a visit that is started and not yet entered. @throws where it isn't started. */
  async code(wish: StartWish = {}): Promise<{ readonly code: string; readonly sessionId: string }> {
    const { body, text } = await this.startVisit(wish);
    const started = body?.data?.startSession as
      { entryCode: string | null; session: { id: string } | null } | undefined;
    if (!started?.entryCode || !started.session) throw new Error(`No visit started: ${text}`);
    return { code: started.entryCode, sessionId: started.session.id };
  }

  /** Starts a visit and enters it. @throws where one of the two is refused. */
  async enter({ staff = 'sam', workspace = 'acme', ...wish }: StartWish = {}): Promise<Inside> {
    const { code, sessionId } = await this.code({ staff, workspace, ...wish });
    const { body, text } = await this.exchange(code, staff);
    const token = (body as { access_token?: string } | undefined)?.access_token;
    if (token === undefined) throw new Error(`The visit was not entered: ${text}`);
    return { workspace, staff, sessionId, token };
  }

  /** The question that a product asks before it serves a page. */
  question({ workspace, staff }: Pick<Inside, 'workspace' | 'staff'>, page: string, more: object = {}) {
    return {
      subject: { type: 'staff', id: this.staffId(staff) },
      action: { name: 'view' },
      resource: { type: 'page', id: page, properties: { workspace: this.workspaceId(workspace), ...more } },
      context: { purpose: 'serve', input: true },
    };
  }

  /** Asks for a page as the product. */
  async view(inside: Inside, page: string, more: object = {}): Promise<HttpAnswer> {
    return this.evaluate(inside, this.question(inside, page, more));
  }

  async evaluate({ token }: Pick<Inside, 'token'>, body: object | string): Promise<HttpAnswer> {
    return this.call(EVALUATION_PATH, { headers: { ...this.bearer('product'), [VISIT_HEADER]: token }, body });
  }

  /** Position of the newest fact: the same before and after means that nothing was stored. */
  async head(): Promise<string> {
    return this.#reading((log) => log.head());
  }

  /** A stream's facts, in order. */
  async facts(stream: string): Promise<(Pick<RecordedFact, 'type'> & { readonly data: Record<string, unknown> })[]> {
    return this.#reading(async (log) => {
      const found: { type: string; data: Record<string, unknown> }[] = [];
      for await (const { type, data } of log.readStream(stream))
        found.push({ type, data: JSON.parse(data) as Record<string, unknown> });
      return found;
    });
  }

  async #reading<T>(read: (log: LogReader) => Promise<T>): Promise<T> {
    const log = openSqliteLogReader({ directory: join(this.directory, 'log') });
    try {
      return await read(log);
    } finally {
      await log.close();
    }
  }

  /** Stops the service and starts it again on the same data, at the same address, configured otherwise where said. */
  async restart(config: Partial<Config> = {}): Promise<void> {
    await this.#service.close();
    this.#config = { ...this.#config, ...config };
    await this.#run();
  }

  /** Does something to the data of the stopped service, and starts it again, configured otherwise where said. */
  async whileStopped(change: () => void | Promise<void>, config: Partial<Config> = {}): Promise<void> {
    await this.#service.close();
    await change();
    this.#config = { ...this.#config, ...config };
    await this.#run();
  }

  async close(): Promise<void> {
    await this.#service.close();
    await Promise.all([this.issuers.members.close(), this.issuers.staff.close()]);
    rmSync(this.directory, { recursive: true });
  }
}
