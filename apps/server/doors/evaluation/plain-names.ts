import { HIDES_TEXT, hidesText, type EvaluationRequest } from '@gatebook/protocol';

/**
 * Where a question names its page, action, field or record by what people couldn't read as it is (T25, T52), as a JSON
 * pointer into the question; `undefined`: nowhere. These names stand in lines as they came.
 */
export function hiddenNameIn({ resource: { id, properties } }: EvaluationRequest): string | undefined {
  if (hidesText(id)) return '/resource/id';
  return properties.record !== undefined && hidesText(properties.record) ? '/resource/properties/record' : undefined;
}

/** The same of many questions with defaults: what a question has of them is named where it stands. */
export function hiddenNameAmong(
  evaluations: readonly Partial<EvaluationRequest>[],
  defaults: Partial<EvaluationRequest>,
): string | undefined {
  for (const [at, evaluation] of evaluations.entries()) {
    const pointer = hiddenNameIn({ ...defaults, ...evaluation } as EvaluationRequest);
    if (pointer !== undefined) return Object.hasOwn(evaluation, 'resource') ? `/evaluations/${at}${pointer}` : pointer;
  }
  return undefined;
}

/** What a problem says of it (RFC 9457; the pointer is RFC 6901). */
export function hiddenNameTold(pointer: string) {
  const detail = `${pointer} ${HIDES_TEXT}.`;
  return { detail, errors: [{ pointer, detail }] };
}
