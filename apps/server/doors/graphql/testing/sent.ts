import { expect } from '@jest/globals';
import type { PersonName, PlayedDoor } from './played-door.ts';

/** Sends a command that has to succeed; what `fields` ask of its answer. */
export async function sent(
  door: PlayedDoor,
  who: PersonName,
  name: string,
  input: object,
  fields = 'position',
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
): Promise<any> {
  const Name = name.charAt(0).toUpperCase() + name.slice(1);
  const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${fields} userErrors { message } } }`;
  const full = { commandId: door.commandId(), workspaceId: door.acme, ...input };
  const { body } = await door.send(who, document, { input: full });
  expect(body.data[name].userErrors).toEqual([]);
  return body.data[name];
}
