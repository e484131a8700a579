import type { InProcess, Inside, WorkspaceRef } from './in-process.ts';

/** Somebody who signs in: a member of a workspace, or staff. */
export type Who = { readonly member: string } | { readonly staff: string };

/** What came of a command at the GraphQL door. */
export interface Came {
  // Answers are compared with exact expectations, so their shape is checked where they are.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly request: any;
  readonly errors: readonly {
    readonly __typename: string;
    readonly message: string;
    readonly rule?: string;
    readonly instead?: string | null;
  }[];
}

const REQUEST = `accessRequest {
  id phase asks triggers digest heading summary viewAs viewAsName endCause message change { removed added minutesAsked }
  asked { pages minutes can cannot action { target digest } field { field record } }
  scope { pages minutes can cannot }
  decision { id name } firstApproval { id name }
  grant { id phase cause startBy sessionId actionOutcome }
}`;
const ERRORS = 'userErrors { __typename message ... on Refused { rule instead } }';
const CASES: Readonly<Record<WorkspaceRef, string>> = { acme: 'CASE-123', bluebird: 'CASE-204' };
export const REASON = 'Failed invoice sync since Tuesday';

/** Asks, decides and begins visits over real HTTP, as the pages and the command do. */
export class Asking {
  readonly #service: InProcess;
  readonly workspace: WorkspaceRef;

  constructor(service: InProcess, workspace: WorkspaceRef = 'acme') {
    this.#service = service;
    this.workspace = workspace;
  }

  token(who: Who): Promise<string> {
    return 'member' in who ? this.#service.memberToken(who.member) : this.#service.staffToken(who.staff);
  }

  /** Sends a command about a request. @throws where the door gives no data. */
  async send(who: Who | { readonly token: string }, name: string, input: object): Promise<Came> {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
    const { [name]: payload } = await this.data(
      who,
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${REQUEST} ${ERRORS} } }`,
      { input: this.#full(input) },
    );
    return { request: payload.accessRequest, errors: payload.userErrors };
  }

  /** A query's or mutation's data. @throws */
  async data(who: Who | { readonly token: string }, query: string, variables: object = {}) {
    const token = 'token' in who ? who.token : await this.token(who);
    const { body, text } = await this.#service.graphql(token, query, variables);
    if (!body?.data || body.errors) throw new Error(`No data: ${text}`);
    return body.data;
  }

  /** What is asked for, as staff. @throws where it is refused. */
  async ask(staff: string, wish: object) {
    return this.done(await this.send({ staff }, 'requestAccess', this.wish(wish)));
  }

  wish(wish: object): object {
    return { kind: 'READ', caseRef: CASES[this.workspace], reason: REASON, ...wish };
  }

  /** Approves a request as it stands in `request`. @throws where it is refused. */
  async approve(who: Who, request: { readonly id: string; readonly digest: string }, more: object = {}) {
    return this.done(await this.approving(who, request, more));
  }

  approving(
    who: Who | { readonly token: string },
    { id, digest }: { readonly id: string; readonly digest: string },
    more: object = {},
  ): Promise<Came> {
    return this.send(who, 'approveAccess', { requestId: id, digest, ...more });
  }

  /** The request that came of a command. @throws where it was refused. */
  done({ request, errors }: Came) {
    if (errors.length > 0 || !request) throw new Error(`Refused: ${JSON.stringify(errors)}`);
    return request;
  }

  /** Asks to begin a visit on a grant; the code and the visit, or why not. */
  async begin(who: Who | { readonly token: string }, grantId: string | null, more: object = {}) {
    const { startSession } = await this.data(
      who,
      `mutation ($input: StartSessionInput!) { startSession(input: $input) { entryCode session { id plannedEnd can cannot } ${ERRORS} } }`,
      // On a grant it is for what was approved, which needs no saying again.
      {
        input: this.#full({
          ...(grantId === null && { caseRef: CASES[this.workspace], reason: REASON }),
          grantId,
          ...more,
        }),
      },
    );
    return startSession as {
      readonly entryCode: string | null;
      readonly session: { readonly id: string; readonly plannedEnd: string } | null;
      readonly userErrors: Came['errors'];
    };
  }

  /** Begins a visit on a grant, and enters it. @throws where one of the two is refused. */
  async enter(staff: string, grantId: string | null, more: object = {}): Promise<Inside> {
    const { entryCode, session, userErrors } = await this.begin({ staff }, grantId, more);
    if (!entryCode || !session) throw new Error(`No visit began: ${JSON.stringify(userErrors)}`);
    const { body, text } = await this.#service.exchange(entryCode, staff);
    const token = (body as { access_token?: string } | undefined)?.access_token;
    if (token === undefined) throw new Error(`The visit was not entered: ${text}`);
    return { workspace: this.workspace, staff, sessionId: session.id, token };
  }

  /** Asks for it, has it approved, and enters. */
  async enterOn(staff: string, approver: Who, wish: object): Promise<Inside> {
    const request = await this.ask(staff, wish);
    const approved = await this.approve(approver, request);
    return this.enter(staff, approved.grant.id);
  }

  /** The product asks whether an action may be performed. */
  perform(
    { token, staff }: Inside,
    { name, target, given = {} }: { readonly name: string; readonly target?: string | null; readonly given?: object },
    context: object = {},
  ) {
    return this.#evaluate(token, staff, 'perform', { type: 'operation', id: name }, target, context, {
      arguments: given,
    });
  }

  /** The product asks whether a masked field may be shown. */
  reveal({ token, staff }: Inside, field: string, record: string | null, context: object = {}) {
    return this.#evaluate(token, staff, 'reveal', { type: 'field', id: field }, record, context, {});
  }

  #evaluate(
    token: string,
    staff: string,
    name: string,
    resource: object,
    record: string | null | undefined,
    context: object,
    more: object,
  ) {
    const workspace = this.#service.workspaceId(this.workspace);
    return this.#service.evaluate(
      { token },
      {
        subject: { type: 'staff', id: this.#service.staffId(staff) },
        action: { name },
        resource: { ...resource, properties: { workspace, ...(record != null && { record }), ...more } },
        context: { purpose: 'serve', input: true, ...context },
      },
    );
  }

  /** Kinds of the facts of the workspace's book, in order. */
  async types(): Promise<string[]> {
    return (await this.facts()).map(({ type }) => type);
  }

  facts() {
    return this.#service.facts(`workspace-${this.#service.workspaceId(this.workspace)}`);
  }

  /** The rules of what was refused, in order. */
  async denied(): Promise<unknown[]> {
    const facts = await this.#service.facts(`denials-${this.#service.workspaceId(this.workspace)}`);
    return facts.map(({ data }) => data['rule']);
  }

  #full(input: object): object {
    return {
      commandId: this.#service.commandId(),
      workspaceId: this.#service.workspaceId(this.workspace),
      ...input,
    };
  }
}
