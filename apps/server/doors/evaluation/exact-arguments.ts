import { exactJson, type NotExact } from '#domain/exact-json';

/** Whether any question of a body names arguments: what is compared to the byte is read so (RFC 8785). */
export function hasArguments(body: unknown): boolean {
  const { evaluations } = (body ?? {}) as { readonly evaluations?: unknown };
  return [body, ...(Array.isArray(evaluations) ? (evaluations as unknown[]) : [])].some(namesArguments);
}

function namesArguments(question: unknown): boolean {
  const { resource } = (question ?? {}) as { readonly resource?: { readonly properties?: { arguments?: unknown } } };
  return resource?.properties?.arguments !== undefined;
}

export function mistakeOf(text: string): NotExact | undefined {
  const read = exactJson(text);
  return 'mistake' in read ? read.mistake : undefined;
}

/** A body that two readers could read differently. */
export class NotExactly extends Error {
  readonly statusCode = 400;
  /** Where and what, as a problem tells it (RFC 9457; the pointer is RFC 6901). */
  readonly told: { readonly detail: string; readonly errors: readonly { pointer: string; detail: string }[] };
  constructor({ path, says }: NotExact) {
    super(says);
    const detail = `This ${says}.`;
    const pointer = path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
    this.told = { detail, errors: [{ pointer, detail }] };
  }
}
