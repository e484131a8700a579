import {
  HIDES_TEXT,
  hidesText,
  isUuidV7,
  MEMBER_ROLES,
  SIGNALS_PATH,
  STAFF_ROLES,
  type Signal,
  type SignalsAnswer,
  type WorkspaceId,
} from '@gatebook/protocol';
import { Ajv } from 'ajv';
import type { FastifyInstance } from 'fastify';
import type { BookCommand } from '#domain/book/decide';
import type { StaffCommand } from '#domain/staff/seat';
import type { ApiKeys, KeyHolder } from '../../adapters/keys/api-keys.ts';
import type { Desk } from '../../desk/desk.ts';
import { caseIdOf, memberIdOf, staffIdOf, workspaceIdOf } from '../../desk/identity.ts';
import { NotNow } from '../../desk/not-now.ts';
import type { Caller } from '../../desk/outcome.ts';
import { sendProblem } from '../problem.ts';

export interface SignalsDoorOptions {
  readonly desk: Desk;
  readonly keys: ApiKeys;
  readonly product: string;
}

const BODY_BYTES = 1024 * 1024;

const ref = { type: 'string', minLength: 1, maxLength: 200, plain: true } as const;
const email = { type: 'string', minLength: 3, maxLength: 254, plain: true } as const;
const person = { issuer: ref, subject: ref, name: ref, email } as const;

const assignee = {
  type: ['object', 'null'],
  required: ['issuer', 'subject'],
  properties: { issuer: ref, subject: ref },
  additionalProperties: false,
} as const;

/** One shape per type of signal; what is not named is refused, so that a misspelt field can't be lost in silence. */
const shapes: Readonly<Record<Signal['type'], object>> = {
  'workspace.registered': shape({ workspace: ref, name: ref }),
  'workspace.closed': shape({ workspace: ref }),
  'workspace.plan-changed': shape({ workspace: ref, plan: ref }),
  'member.role-changed': shape(
    { workspace: ref, member: ref, ...person, role: { enum: [...MEMBER_ROLES, null] } },
    { billingContact: { type: 'boolean' } },
  ),
  'case.opened': shape({ workspace: ref, case: ref, title: ref }),
  'case.closed': shape({ workspace: ref, case: ref }),
  'case.merged': shape({ workspace: ref, case: ref, into: ref }),
  'case.reassigned': shape({ workspace: ref, case: ref, assignee }),
  'staff.enabled': shape({
    ...person,
    roles: { type: 'array', items: { enum: STAFF_ROLES }, uniqueItems: true, maxItems: 5 },
  }),
  'staff.disabled': shape({ issuer: ref, subject: ref }),
};

function shape(properties: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object {
  return {
    type: 'object',
    required: ['id', 'type', ...Object.keys(properties)],
    properties: { id: { type: 'string' }, type: { type: 'string' }, ...properties, ...optional },
    additionalProperties: false,
  };
}

const ajv = new Ajv({ allErrors: true, coerceTypes: false, removeAdditional: false, strict: false });
/** What is told stands in lists and sentences that people read, so that it is held to the rule of what they type. */
ajv.addKeyword({ keyword: 'plain', type: 'string', validate: (_: unknown, told: string) => !hidesText(told) });
const validators = new Map(Object.entries(shapes).map(([type, schema]) => [type, ajv.compile(schema)]));

/** What the product and the vendor's directory tell: workspaces, members, cases; staff. Told twice, it is written once. */
export function signalsDoor(fastify: FastifyInstance, { desk, keys, product }: SignalsDoorOptions): void {
  fastify.post(SIGNALS_PATH, { bodyLimit: BODY_BYTES }, async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const holder = keys.holderOf(request.headers.authorization);
    if (holder !== 'product' && holder !== 'directory') return sendProblem(reply, 'unauthenticated');

    const errors = mistakesIn(request.body);
    if (errors.length > 0) return sendProblem(reply, 'invalid-request', { detail: errors[0]?.detail, errors });
    const { signals } = request.body as { signals: readonly Signal[] };
    if (signals.some((signal) => belongsTo(signal) !== holder)) {
      return sendProblem(reply, 'forbidden', { detail: 'Products tell of workspaces, the directory tells of staff.' });
    }

    try {
      const results: SignalsAnswer['results'][number][] = [];
      // In order: a case is opened in a workspace that an earlier signal registered.
      for (const signal of signals) results.push(await take(signal, holder));
      return await reply.send({ results } satisfies SignalsAnswer);
    } catch (error) {
      if (error instanceof NotNow) return sendProblem(reply, 'not-now');
      reply.log.error({ err: error }, 'signals failed');
      return sendProblem(reply, 'internal');
    }
  });

  async function take(signal: Signal, holder: KeyHolder): Promise<SignalsAnswer['results'][number]> {
    const { id } = signal;
    const caller: Caller = {
      actor: holder === 'product' ? { kind: 'product', id: product } : { kind: 'system', id: 'directory' },
      commandId: id,
    };
    const target = commandFor(signal, product);
    const outcome =
      target.stream === 'staff'
        ? await desk.handleStaff(target.command, caller)
        : await desk.handle(target.workspaceId, target.command, caller);
    const { position } = outcome;
    if (outcome.kind === 'refused') return { id, outcome: 'refused', because: outcome.refusal.because, position };
    if (outcome.kind === 'stale') throw new Error('A signal expects no revision.');
    const isUnknown =
      target.stream === 'staff' &&
      target.command.type === 'DisableStaff' &&
      desk.staffNow(target.command.staffId).phase === 'unknown';
    return { id, outcome: outcome.kind, ...(isUnknown && { unknown: true }), position };
  }
}

function belongsTo({ type }: Signal): KeyHolder {
  return type.startsWith('staff.') ? 'directory' : 'product';
}

function mistakesIn(body: unknown): { pointer: string; detail: string }[] {
  const signals = (body as { signals?: unknown } | null)?.signals;
  if (!Array.isArray(signals) || signals.length < 1 || signals.length > 500) {
    return [{ pointer: '/signals', detail: 'signals must be a list of 1 to 500 signals.' }];
  }
  return signals.flatMap((signal: unknown, at) => {
    const { id, type } = (signal ?? {}) as { id?: unknown; type?: unknown };
    if (!isUuidV7(id))
      return [{ pointer: `/signals/${at}/id`, detail: 'id must be a UUID of version 7, in lower case.' }];
    const validate = typeof type === 'string' ? validators.get(type) : undefined;
    if (!validate)
      return [{ pointer: `/signals/${at}/type`, detail: 'type must be a type of signal that is known here.' }];
    if (validate(signal)) return [];
    return (validate.errors ?? []).map(({ instancePath, keyword, message = 'is not valid', params }) => ({
      pointer: `/signals/${at}${instancePath}`,
      detail: `${instancePath || 'The signal'} ${keyword === 'plain' ? HIDES_TEXT : message}${'additionalProperty' in params ? ` (${String(params['additionalProperty'])})` : ''}.`,
    }));
  });
}

type Target =
  | { readonly stream: 'book'; readonly workspaceId: WorkspaceId; readonly command: BookCommand }
  | { readonly stream: 'staff'; readonly command: StaffCommand };

function commandFor(signal: Signal, product: string): Target {
  if (signal.type === 'staff.enabled' || signal.type === 'staff.disabled') {
    const staffId = staffIdOf(signal.issuer, signal.subject);
    if (signal.type === 'staff.disabled') return { stream: 'staff', command: { type: 'DisableStaff', staffId } };
    const { issuer, subject, name, email: address, roles } = signal;
    return { stream: 'staff', command: { type: 'EnableStaff', staffId, issuer, subject, name, email: address, roles } };
  }
  const workspaceId = workspaceIdOf(product, signal.workspace);
  return { stream: 'book', workspaceId, command: bookCommandFor(signal, workspaceId, product) };
}

function bookCommandFor(
  signal: Exclude<Signal, { type: 'staff.enabled' | 'staff.disabled' }>,
  workspaceId: WorkspaceId,
  product: string,
): BookCommand {
  switch (signal.type) {
    case 'workspace.registered':
      return { type: 'RegisterWorkspace', workspaceId, externalId: signal.workspace, product, name: signal.name };
    case 'workspace.closed':
      return { type: 'CloseWorkspace', workspaceId };
    case 'member.role-changed': {
      const { member: externalId, issuer, subject, name, email: address, role, billingContact } = signal;
      const memberId = memberIdOf(workspaceId, externalId);
      const member = { memberId, externalId, issuer, subject, name, email: address, role, billingContact };
      return { type: 'ChangeMemberRole', ...member };
    }
    case 'case.opened':
      return {
        type: 'OpenCase',
        caseId: caseIdOf(workspaceId, signal.case),
        caseRef: signal.case,
        title: signal.title,
      };
    case 'case.closed':
      return { type: 'CloseCase', caseId: caseIdOf(workspaceId, signal.case) };
    case 'case.merged':
      return {
        type: 'MergeCase',
        caseId: caseIdOf(workspaceId, signal.case),
        intoCaseId: caseIdOf(workspaceId, signal.into),
        intoCaseRef: signal.into,
      };
    case 'case.reassigned':
      return {
        type: 'ReassignCase',
        caseId: caseIdOf(workspaceId, signal.case),
        caseRef: signal.case,
        assignee: signal.assignee && staffIdOf(signal.assignee.issuer, signal.assignee.subject),
      };
    case 'workspace.plan-changed':
      return { type: 'ChangePlan', plan: signal.plan };
  }
}
