import {
  EVALUATION_PATH,
  SIGNALS_PATH,
  VISIT_HEADER,
  type EvaluationAnswer,
  type EvaluationRequest,
  type Signal,
  type SignalsAnswer,
} from '@gatebook/protocol';
import { startTestIssuer, type TestIssuer } from '#server/adapters/oidc/testing/test-issuer';
import type { MadeKeys } from '#server/config/installation-keys';
import type { OpenVisit } from './open-visits.ts';

/** What became of a call: an answer, "try again", or nothing at all. */
export type Reply<Answer> =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'try again' }
  | { readonly kind: 'unanswered' };

/** The issuers of members and staff, in this process, and the settings that have a service trust them. */
export class Issuers {
  readonly members: TestIssuer;
  readonly staff: TestIssuer;
  readonly #publicUrl: string;

  private constructor(members: TestIssuer, staff: TestIssuer, publicUrl: string) {
    this.members = members;
    this.staff = staff;
    this.#publicUrl = publicUrl;
  }

  static async start(publicUrl: string, now: () => number = Date.now): Promise<Issuers> {
    const issuer = () =>
      startTestIssuer({ now, audience: `${publicUrl}/graphql`, clientId: 'fernway', algorithm: 'ES256' });
    return new Issuers(await issuer(), await issuer(), publicUrl);
  }

  get names(): { readonly members: string; readonly staff: string } {
    return { members: this.members.issuer, staff: this.staff.issuer };
  }

  get environment(): Readonly<Record<string, string>> {
    const audience = `${this.#publicUrl}/graphql`;
    return {
      GATEBOOK_SIGN_IN: 'oidc',
      GATEBOOK_MEMBERS_ISSUER: this.members.issuer,
      GATEBOOK_MEMBERS_JWKS_URI: this.members.jwksUri,
      GATEBOOK_MEMBERS_AUDIENCE: audience,
      GATEBOOK_STAFF_ISSUER: this.staff.issuer,
      GATEBOOK_STAFF_JWKS_URI: this.staff.jwksUri,
      GATEBOOK_STAFF_AUDIENCE: audience,
    };
  }

  async close(): Promise<void> {
    await Promise.all([this.members.close(), this.staff.close()]);
  }
}

type Asked = 'view' | 'signal' | 'switch' | 'start';

const SWITCH = {
  on: `mutation ($input: EnableStaffAccessInput!) {
    enableStaffAccess(input: $input) { position userErrors { code message } } }`,
  off: `mutation ($input: DisableStaffAccessInput!) {
    disableStaffAccess(input: $input) { position userErrors { code message } } }`,
};
const START = `mutation ($input: StartSessionInput!) {
  startSession(input: $input) { position session { id } userErrors { code message } } }`;

/** A GraphQL mutation's answer: had its effect, or was refused and why. */
export interface Sent {
  readonly refused?: string;
  readonly sessionId?: string;
}

export interface CallersOptions {
  /** Where the services are; each call goes to the next one. */
  readonly addresses: readonly string[];
  readonly keys: MadeKeys;
  readonly issuers: Issuers;
  /** A caller waits this long for an answer, milliseconds. */
  readonly patienceMs?: number;
}

/** The product, its staff and its customers, as they call the doors of running services over HTTP. */
export class Callers {
  readonly #options: CallersOptions;
  #turn = 0;
  /** The longest that anybody waited for an answer of any kind, milliseconds, by what was asked. */
  readonly slowestMs = { view: 0, signal: 0, switch: 0, start: 0 };
  tryAgain = 0;
  unanswered = 0;

  constructor(options: CallersOptions) {
    this.#options = options;
  }

  view(visit: OpenVisit, record: string): Promise<Reply<EvaluationAnswer>> {
    const question: EvaluationRequest = {
      subject: { type: 'staff', id: visit.staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: visit.workspaceId, record } },
      context: { purpose: 'serve', input: true },
    };
    return this.#post('view', EVALUATION_PATH, { ...this.#product, [VISIT_HEADER]: visit.token }, question);
  }

  async signal(signal: Signal): Promise<Reply<SignalsAnswer['results'][number]>> {
    const reply = await this.#post<SignalsAnswer>('signal', SIGNALS_PATH, this.#product, { signals: [signal] });
    return reply.kind === 'answered' ? { kind: 'answered', answer: reply.answer.results[0]! } : reply;
  }

  async switch({ owner, workspaceId }: OpenVisit, to: 'on' | 'off', commandId: string): Promise<Reply<Sent>> {
    const token = await this.#options.issuers.members.accessToken({ sub: owner.subject, name: owner.name });
    return this.#mutate('switch', token, SWITCH[to], { commandId, workspaceId, ...(to === 'on' && { minutes: null }) });
  }

  async start({ staff, workspaceId }: OpenVisit, commandId: string): Promise<Reply<Sent>> {
    const token = await this.#options.issuers.staff.accessToken({ sub: staff.subject, name: staff.name });
    const reason = 'Failed invoice sync since Tuesday';
    return this.#mutate('start', token, START, { commandId, workspaceId, caseRef: 'CASE-1', job: null, reason });
  }

  get #product(): { readonly authorization: string } {
    return { authorization: `Bearer ${this.#options.keys.product}` };
  }

  async #mutate(what: Asked, token: string, query: string, input: object): Promise<Reply<Sent>> {
    interface Payload {
      readonly session?: { readonly id: string } | null;
      readonly userErrors: readonly { readonly code: string; readonly message: string }[];
    }
    interface Answer {
      readonly data?: Readonly<Record<string, Payload>> | null;
      readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
    }
    const headers = { authorization: `Bearer ${token}` };
    const reply = await this.#post<Answer>(what, '/graphql', headers, { query, variables: { input } });
    if (reply.kind !== 'answered') return reply;
    const payload = Object.values(reply.answer.data ?? {})[0];
    const codes = [...(reply.answer.errors ?? []).map(({ extensions }) => extensions?.code)];
    if (!payload && !codes.includes('TRY_AGAIN')) throw new Error(`The door failed: ${JSON.stringify(reply.answer)}`);
    if (!payload || payload.userErrors.some(({ code }) => code === 'TRY_AGAIN')) {
      this.tryAgain++;
      return { kind: 'try again' };
    }
    const [error] = payload.userErrors;
    if (error) return { kind: 'answered', answer: { refused: `${error.code}: ${error.message}` } };
    return { kind: 'answered', answer: { ...(payload.session && { sessionId: payload.session.id }) } };
  }

  async #post<Answer>(
    what: Asked,
    path: string,
    headers: Record<string, string>,
    body: object,
  ): Promise<Reply<Answer>> {
    const { addresses, patienceMs = 10_000 } = this.#options;
    const began = performance.now();
    try {
      const response = await fetch(addresses[this.#turn++ % addresses.length]! + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(patienceMs),
      });
      const text = await response.text();
      this.slowestMs[what] = Math.max(this.slowestMs[what], Math.round(performance.now() - began));
      if (response.status === 503) {
        this.tryAgain++;
        return { kind: 'try again' };
      }
      if (response.status === 500) throw new Error(`A door answered 500: ${text}`);
      return { kind: 'answered', answer: JSON.parse(text) as Answer };
    } catch (error) {
      if ((error as Error).message.startsWith('A door answered')) throw error;
      this.unanswered++;
      return { kind: 'unanswered' };
    }
  }
}
