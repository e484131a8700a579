import { readFileSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationRequest } from '@gatebook/protocol';

/** Width of the counter that makes each request's record another one. */
export const COUNTER_WIDTH = 10;
const COUNTER_PLACE = '#'.repeat(COUNTER_WIDTH);

/** A whole request as it goes over the wire, with a place of {@link COUNTER_WIDTH} digits to write a counter into. */
export interface RequestTemplate {
  readonly bytes: Buffer;
  readonly counterAt: number;
}

/** Who asks: one staff member inside one workspace. */
export interface Visit {
  readonly workspace: string;
  readonly staff: string;
  /** The visit's token, as the product sends it. */
  readonly token: string;
}

/** The question before a page is served: may this visit see one invoice? Each sending asks for another invoice. */
export function evaluationTemplate(productKey: string, visit: Visit): RequestTemplate {
  const question: EvaluationRequest = {
    subject: { type: 'staff', id: visit.staff },
    action: { name: 'view' },
    resource: {
      type: 'page',
      id: 'billing',
      properties: { workspace: visit.workspace, record: `INV-${COUNTER_PLACE}` },
    },
    context: { purpose: 'serve', input: true },
  };
  const body = JSON.stringify(question);
  const text =
    `POST ${EVALUATION_PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${productKey}\r\n` +
    `${VISIT_HEADER}: ${visit.token}\r\ncontent-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const bytes = Buffer.from(text, 'latin1');
  return { bytes, counterAt: bytes.indexOf(COUNTER_PLACE) };
}

/** Visits of nobody, with ids and tokens as long as real ones; for the baselines while the service isn't there. */
export function madeUpVisits(count: number): Visit[] {
  const id = (prefix: string): string => `${prefix}_0199${randomBytes(14).toString('hex')}`;
  return Array.from({ length: count }, () => ({
    workspace: id('ws'),
    staff: id('stf'),
    token: [60, 750, 88].map((length) => randomBytes(length).toString('base64url').slice(0, length)).join('.'),
  }));
}

export function saveTemplates(file: string, templates: Iterable<RequestTemplate>): void {
  const lines = Array.from(templates, ({ bytes, counterAt }) =>
    JSON.stringify({ text: bytes.toString('latin1'), counterAt }),
  );
  writeFileSync(file, lines.join('\n'));
}

export function loadTemplates(file: string): RequestTemplate[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => {
      const { text, counterAt } = JSON.parse(line) as { text: string; counterAt: number };
      return { bytes: Buffer.from(text, 'latin1'), counterAt };
    });
}

/** Reads back out of the requests whom the baselines must know, so that they answer the same bytes as the service. */
export function visitsOf(templates: readonly RequestTemplate[]): { productKey: string; visits: Visit[] } {
  let productKey = '';
  const visits = templates.map(({ bytes }) => {
    const [head = '', body = ''] = bytes.toString('latin1').split('\r\n\r\n');
    const header = (name: string): string => new RegExp(`^${name}: *(.+)$`, 'im').exec(head)?.[1] ?? '';
    productKey = header('authorization').replace('Bearer ', '');
    const question = JSON.parse(body) as EvaluationRequest;
    return {
      workspace: question.resource.properties.workspace,
      staff: question.subject.id,
      token: header(VISIT_HEADER),
    };
  });
  return { productKey, visits };
}
