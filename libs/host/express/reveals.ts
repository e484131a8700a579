import type { EvaluationRequest } from '@gatebook/protocol';
import type { ReportedClick } from './clicks.ts';
import type { Asked, RevealedField } from './options.ts';
import { ID_LENGTH, RECORD_LENGTH, writable } from './question.ts';

/** The one masked value that a request is to show. */
export function revealOf(asked: Asked | ReportedClick | undefined): RevealedField | undefined {
  return typeof asked === 'object' && 'page' in asked ? asked.reveals : undefined;
}

/** The question whether a page that may be opened may show one masked value; asked again, it has one effect. */
export function revealQuestion(
  { subject, resource, context }: EvaluationRequest,
  { field, record }: RevealedField,
  /** A UUIDv7. */
  requestId: string,
): EvaluationRequest {
  const { workspace } = resource.properties;
  return {
    subject,
    action: { name: 'reveal' },
    resource: {
      type: 'field',
      id: writable(field, ID_LENGTH),
      properties: { workspace, ...(record !== undefined && { record: writable(record, RECORD_LENGTH) }) },
    },
    context: { ...context, requestId },
  };
}
