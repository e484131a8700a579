import { HIDES_TEXT, hidesText } from '@gatebook/protocol';

const ID_MAX = 200;

/**
 * Why nothing can be called by such an id; `undefined`: something can.
 *
 * @param kind what it would be called: "record", "invoice".
 */
export function wrongId(id: string, kind: string): string | undefined {
  if (id === '') return `Name the ${kind} by its id, as the product does.`;
  if (hidesText(id)) return `This id ${HIDES_TEXT}. Write it anew, as the product has it.`;
  return id.length > ID_MAX ? `This id is longer than ids are: ${ID_MAX} characters at most.` : undefined;
}
