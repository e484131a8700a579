import {
  ENDINGS_PATH,
  EVALUATION_PATH,
  INTROSPECT_PATH,
  PRESENCE_PATH,
  REVOKE_PATH,
  TOKEN_PATH,
  TOKEN_TYPE_ACCESS,
  TOKEN_TYPE_ENTRY_CODE,
  type Banner,
  type Ending,
  type EvaluationAnswer,
  type EvaluationRequest,
  type Introspection,
} from '@gatebook/protocol';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeVisit {
  staffName: string;
  staffEmail: string;
  workspaceRef: string;
  workspaceName: string;
  banner: Banner;
  aud: string;
  ended: { cause: Ending['cause']; sentence: string } | undefined;
}

export interface Call {
  readonly body: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly form: Readonly<Record<string, string>>;
  readonly question: EvaluationRequest | undefined;
}

export const WORKSPACE = 'ws_01j00000000000000000000000';
export const STAFF = 'stf_01j00000000000000000000000';
export const SESSION = 'ses_01j00000000000000000000000';

/** A service that answers the wire shapes of `@gatebook/protocol` and remembers what it was asked. */
export class FakeService {
  readonly calls: Call[] = [];
  readonly visit: FakeVisit;
  /** How the evaluation door answers. */
  decide: (question: EvaluationRequest, call: Call) => EvaluationAnswer | Promise<EvaluationAnswer>;
  /** Takes a call over, by path: to be slow, broken or silent. */
  readonly instead = new Map<string, (response: ServerResponse, call: Call) => unknown>();
  readonly codes = new Set<string>();
  /** Tokens that are too old. */
  readonly old = new Set<string>();
  tokenSeconds = 300;
  #tokens = 0;
  #views = 0;
  readonly #listening = new Set<ServerResponse>();
  readonly lastEventIds: (string | undefined)[] = [];
  readonly #server = createServer((request, response) => void this.#answer(request, response));

  constructor(visit: FakeVisit) {
    this.visit = visit;
    this.decide = () => this.yes();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    return this;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  get listeners(): number {
    return this.#listening.size;
  }

  questions(): EvaluationRequest[] {
    return this.calls.flatMap(({ question }) => question ?? []);
  }

  callsTo(path: string): Call[] {
    return this.calls.filter((call) => call.path === path);
  }

  yes(masks = {}): EvaluationAnswer {
    const view = `view-${++this.#views}`;
    const { banner } = this.visit;
    return { decision: true, context: { view, validForMs: 1000, position: 'p1', masks, banner } };
  }

  no(sentence: string, more: object = {}): EvaluationAnswer {
    return { decision: false, context: { rule: 'pageIsDeclared', reason_user: { en: sentence }, ...more } };
  }

  /** Ends the visit and tells the listeners. */
  end(cause: Ending['cause'], sentence: string, id = '7'): void {
    const at = '2026-11-21T10:00:00.000Z';
    this.visit.ended = { cause, sentence };
    this.decide = () => this.no(sentence, { rule: 'visitHasNotEnded', ended: { cause, at } });
    const ending: Ending = { session: SESSION, workspace: WORKSPACE, cause, at, sentence };
    for (const listener of this.#listening) {
      listener.write(`id: ${id}\nevent: ended\ndata: ${JSON.stringify(ending)}\n\n`);
    }
  }

  dropListeners(): void {
    for (const listener of this.#listening) listener.destroy();
  }

  /** Tells the listeners so much of a stream of endings, and no more. */
  tell(text: string): void {
    for (const listener of this.#listening) listener.write(text);
  }

  /** The same, and breaks off there. */
  breakOffBehind(text: string): void {
    for (const listener of this.#listening) listener.write(text, () => listener.destroy());
  }

  token(): string {
    const claims = { act: { sub: STAFF }, ws: WORKSPACE, n: ++this.#tokens };
    return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString('utf8');
    const path = request.url ?? '';
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    const call: Call = {
      path,
      body,
      headers: request.headers,
      form: isForm ? Object.fromEntries(new URLSearchParams(body)) : {},
      question: path === EVALUATION_PATH ? (JSON.parse(body) as EvaluationRequest) : undefined,
    };
    this.calls.push(call);
    const takenOver = this.instead.get(path);
    if (takenOver) {
      await takenOver(response, call);
      return;
    }
    if (call.headers.authorization !== 'Bearer the-product-key') return problem(response, 'unauthenticated');
    switch (path) {
      case EVALUATION_PATH: {
        if (this.old.has(String(call.headers['gatebook-visit']))) return problem(response, 'visit-unknown');
        return json(response, 200, await this.decide(call.question!, call));
      }
      case TOKEN_PATH:
        return this.#exchange(call, response);
      case INTROSPECT_PATH:
        return json(response, 200, this.#introspection(call.form['token'] ?? ''));
      case REVOKE_PATH:
        return json(response, 200, {});
      case PRESENCE_PATH:
        if (this.old.has(String(call.headers['gatebook-visit']))) return problem(response, 'visit-unknown');
        return json(response, 200, { idleEndsAt: '2026-11-21T10:29:00.000Z' });
      case ENDINGS_PATH:
        this.lastEventIds.push(request.headers['last-event-id'] as string | undefined);
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write('retry: 500\n\nid: 3\n: looked\n\n');
        this.#listening.add(response);
        response.on('close', () => this.#listening.delete(response));
        return undefined;
      default:
        return json(response, 404, {});
    }
  }

  #exchange({ form }: Call, response: ServerResponse): void {
    const { subject_token: subject = '', subject_token_type: type } = form;
    const known = type === TOKEN_TYPE_ENTRY_CODE ? this.codes.delete(subject) : !this.visit.ended;
    if (!known) {
      const error_description = 'The code is not <b>valid</b>.';
      return json(response, 400, { error: 'invalid_request', error_description });
    }
    return json(response, 200, {
      access_token: this.token(),
      issued_token_type: TOKEN_TYPE_ACCESS,
      token_type: 'Bearer',
      expires_in: this.tokenSeconds,
    });
  }

  #introspection(token: string): Introspection {
    const { ended, staffName, staffEmail, workspaceRef, workspaceName, banner, aud } = this.visit;
    if (ended) return { active: false, ended: { ...ended, at: '2026-11-21T10:00:00.000Z' } };
    if (!token.startsWith('e30.') || this.old.has(token)) return { active: false };
    const iat = Date.parse('2026-11-21T10:00:00Z') / 1000;
    return {
      active: true,
      staff: STAFF,
      staffName,
      staffEmail,
      workspaceRef,
      workspaceName,
      banner,
      iss: 'http://gatebook.test',
      aud,
      client_id: aud,
      sub: WORKSPACE,
      act: { sub: STAFF, iss: 'http://gatebook.test' },
      sid: SESSION,
      ws: WORKSPACE,
      case: 'CASE-123',
      gb_mode: 'read',
      iat,
      exp: iat + this.tokenSeconds,
      jti: token.slice(-8),
      auth_time: iat,
    };
  }
}

export function aVisit(): FakeVisit {
  return {
    staffName: 'Sam Lee',
    staffEmail: 'sam@fernway.example',
    workspaceRef: 'acme',
    workspaceName: 'Acme Co',
    aud: 'fernway',
    ended: undefined,
    banner: {
      notice: 'Looking at case CASE-123 with you',
      mode: 'read',
      staffName: 'Sam Lee',
      customer: 'Acme Co',
      caseRef: 'CASE-123',
      endsAt: '2026-11-21T10:18:30.000Z',
      idleEndsAt: '2026-11-21T10:14:00.000Z',
      approval: 'Maria Ortiz turned staff access on',
      can: ['open Billing'],
      cannot: ['change anything'],
    },
  };
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function problem(response: ServerResponse, type: string): void {
  json(response, 401, { type: `urn:gatebook:problem:${type}`, title: type, status: 401 });
}
