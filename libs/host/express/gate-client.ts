import {
  EVALUATION_PATH,
  GRANT_TOKEN_EXCHANGE,
  INTROSPECT_PATH,
  OUTCOMES_PATH,
  PRESENCE_PATH,
  REVOKE_PATH,
  TOKEN_PATH,
  TOKEN_TYPE_ACCESS,
  TOKEN_TYPE_ENTRY_CODE,
  TOKEN_TYPE_ID,
  VISIT_HEADER,
  type EvaluationAnswer,
  type EvaluationRequest,
  type Introspection,
  type OutcomeReport,
  type Presence,
  type TokenAnswer,
} from '@gatebook/protocol';
import { Agent, request as httpRequest, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { Agent as TlsAgent, request as httpsRequest } from 'node:https';

/** No answer that could be acted on: the service is down, slow, or says something that isn't in the contract. */
export class GateUnavailable extends Error {
  override readonly name = 'GateUnavailable';
}

/** The service doesn't take this visit's token: too old, or not one of its own. Renewing tells which. */
export class VisitUnknown extends Error {
  override readonly name = 'VisitUnknown';
}

/** The token endpoint refused; the message is its sentence for people (RFC 6749, section 5.2). */
export class ExchangeRefused extends Error {
  override readonly name = 'ExchangeRefused';
}

export interface GateClientOptions {
  readonly service: string | URL;
  readonly productKey: string;
  /** How long one call may take as a whole, milliseconds. */
  readonly timeoutMs: number;
}

interface Heard {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

const ANSWER_BYTES = 512 * 1024;
const IDLE_SOCKETS = 64;
/** Within the two minutes after which an outcome counts as unknown. */
const REPORT_TRIES = 20;
const REPORT_PAUSE_MS = 5000;

/** The calls that a product makes to the service. Every failure is one of the three errors above. */
export class GateClient {
  readonly #service: URL;
  readonly #key: string;
  readonly #timeoutMs: number;
  readonly #agent: Agent;

  constructor({ service, productKey, timeoutMs }: GateClientOptions) {
    this.#service = new URL(service);
    this.#key = productKey;
    this.#timeoutMs = timeoutMs;
    const keep = { keepAlive: true, maxFreeSockets: IDLE_SOCKETS };
    this.#agent = this.#service.protocol === 'https:' ? new TlsAgent(keep) : new Agent(keep);
  }

  /** May this be served? @throws {VisitUnknown | GateUnavailable} */
  async ask(token: string, question: EvaluationRequest, traceparent?: string): Promise<EvaluationAnswer> {
    const heard = await this.#post(EVALUATION_PATH, 'application/json', JSON.stringify(question), {
      [VISIT_HEADER]: token,
      ...(traceparent !== undefined && { traceparent }),
    });
    const answer = parsed(heard);
    if (heard.status === 200 && isEvaluationAnswer(answer)) return answer;
    throw unusable(heard, answer);
  }

  /** The visit's token for a one-time code (RFC 8693). @throws {ExchangeRefused | GateUnavailable} */
  enter(code: string, actorToken: string | undefined): Promise<TokenAnswer> {
    return this.#exchange({
      subject_token: code,
      subject_token_type: TOKEN_TYPE_ENTRY_CODE,
      ...(actorToken !== undefined && { actor_token: actorToken, actor_token_type: TOKEN_TYPE_ID }),
    });
  }

  /** A younger token of the same visit. @throws {ExchangeRefused | GateUnavailable} */
  renew(token: string): Promise<TokenAnswer> {
    return this.#exchange({ subject_token: token, subject_token_type: TOKEN_TYPE_ACCESS });
  }

  /** Whose visit this is (RFC 7662). @throws {GateUnavailable} */
  async introspect(token: string): Promise<Introspection> {
    const heard = await this.#form(INTROSPECT_PATH, { token });
    const answer = parsed(heard);
    if (heard.status === 200 && isIntrospection(answer)) return answer;
    throw unusable(heard, answer);
  }

  /** Exit (RFC 7009). @throws {GateUnavailable} */
  async revoke(token: string): Promise<void> {
    const heard = await this.#form(REVOKE_PATH, { token });
    if (heard.status !== 200) throw unusable(heard, parsed(heard));
  }

  /** A person is still there. @throws {VisitUnknown | GateUnavailable} */
  async stay(token: string): Promise<Presence> {
    const heard = await this.#post(PRESENCE_PATH, 'application/json', '{}', { [VISIT_HEADER]: token });
    const answer = parsed(heard);
    if (heard.status === 200 && isObject(answer) && typeof answer['idleEndsAt'] === 'string') {
      return { idleEndsAt: answer['idleEndsAt'] };
    }
    throw unusable(heard, answer);
  }

  /** What came of an approved action; told a few times, since it may be the service that is away. @throws {GateUnavailable} */
  async report(report: OutcomeReport): Promise<void> {
    for (let left = REPORT_TRIES; ; left--) {
      try {
        const heard = await this.#post(OUTCOMES_PATH, 'application/json', JSON.stringify(report), {});
        if (heard.status === 200) return;
        throw unusable(heard, parsed(heard));
      } catch (error) {
        if (left <= 1) throw error;
        await new Promise((resolve) => setTimeout(resolve, REPORT_PAUSE_MS).unref());
      }
    }
  }

  close(): void {
    this.#agent.destroy();
  }

  async #exchange(form: Readonly<Record<string, string>>): Promise<TokenAnswer> {
    const heard = await this.#form(TOKEN_PATH, { grant_type: GRANT_TOKEN_EXCHANGE, ...form });
    const answer = parsed(heard);
    if (heard.status === 200 && isTokenAnswer(answer)) return answer;
    if (heard.status === 400 && isObject(answer)) {
      const sentence = answer['error_description'];
      throw new ExchangeRefused(typeof sentence === 'string' ? sentence : 'The service did not say why.');
    }
    throw unusable(heard, answer);
  }

  #form(path: string, form: Readonly<Record<string, string>>): Promise<Heard> {
    return this.#post(path, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString(), {});
  }

  async #post(path: string, type: string, body: string, headers: Readonly<Record<string, string>>): Promise<Heard> {
    const call = {
      method: 'POST',
      agent: this.#agent,
      headers: {
        authorization: `Bearer ${this.#key}`,
        accept: 'application/json',
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        ...headers,
      },
    };
    try {
      return await this.#send(path, call, body);
    } catch (error) {
      // A kept connection that the service had just let go: the question never arrived, so it is asked once more.
      if (error instanceof StaleConnection) return await this.#send(path, { ...call, agent: false }, body);
      throw error;
    }
  }

  #send(path: string, call: RequestOptions, body: string): Promise<Heard> {
    return new Promise((resolve, reject) => {
      const send = this.#service.protocol === 'https:' ? httpsRequest : httpRequest;
      const request = send(new URL(path, this.#service), call);
      const fail = (error: Error) => {
        clearTimeout(timer);
        request.destroy();
        reject(error);
      };
      const timer = setTimeout(
        () => fail(new GateUnavailable(`The service did not answer within ${this.#timeoutMs} ms.`)),
        this.#timeoutMs,
      );
      request.on('error', (error: NodeJS.ErrnoException) => {
        const stale = request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
        fail(stale ? new StaleConnection() : new GateUnavailable(`The service can't be reached: ${error.message}`));
      });
      request.on('response', (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES) fail(new GateUnavailable('The service’s answer is too long.'));
          else chunks.push(chunk);
        });
        response.on('error', (error) => fail(new GateUnavailable(`The service’s answer broke off: ${error.message}`)));
        response.on('end', () => {
          clearTimeout(timer);
          if (!response.complete) return reject(new GateUnavailable('The service’s answer broke off.'));
          const { statusCode: status = 0, headers } = response;
          return resolve({ status, headers, text: Buffer.concat(chunks).toString('utf8') });
        });
      });
      request.end(body);
    });
  }
}

class StaleConnection extends Error {}

function parsed({ text }: Heard): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unusable({ status }: Heard, answer: unknown): Error {
  if (status === 401 && isObject(answer) && answer['type'] === 'urn:gatebook:problem:visit-unknown') {
    return new VisitUnknown('The service does not take this visit’s token.');
  }
  return new GateUnavailable(`The service answered ${status} with something that is not in the contract.`);
}

type Json = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
const isTexts = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string');
const isTime = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));

function isBanner(value: unknown): boolean {
  return (
    isObject(value) &&
    ['staffName', 'customer', 'approval'].every((name) => typeof value[name] === 'string') &&
    (value['caseRef'] === null || typeof value['caseRef'] === 'string') &&
    isTime(value['endsAt']) &&
    isTime(value['idleEndsAt']) &&
    isTexts(value['can']) &&
    isTexts(value['cannot'])
  );
}

function isEvaluationAnswer(value: unknown): value is EvaluationAnswer {
  if (!isObject(value) || !isObject(value['context'])) return false;
  const context = value['context'];
  if (value['decision'] === true) {
    return (
      typeof context['validForMs'] === 'number' &&
      context['validForMs'] > 0 &&
      isObject(context['masks']) &&
      isBanner(context['banner'])
    );
  }
  const reason = context['reason_user'];
  return value['decision'] === false && isObject(reason) && isText(reason['en']);
}

function isIntrospection(value: unknown): value is Introspection {
  if (!isObject(value)) return false;
  if (value['active'] === false) return true;
  return (
    value['active'] === true &&
    ['staff', 'workspaceRef', 'workspaceName', 'sid', 'ws', 'aud', 'client_id'].every((name) => isText(value[name])) &&
    typeof value['staffEmail'] === 'string' &&
    isObject(value['act']) &&
    isText(value['act']['sub']) &&
    typeof value['iat'] === 'number' &&
    typeof value['exp'] === 'number' &&
    isBanner(value['banner'])
  );
}

function isTokenAnswer(value: unknown): value is TokenAnswer {
  return (
    isObject(value) &&
    typeof value['access_token'] === 'string' &&
    /^[\w.~+/=-]{1,3500}$/.test(value['access_token']) &&
    typeof value['expires_in'] === 'number' &&
    value['expires_in'] > 0
  );
}
