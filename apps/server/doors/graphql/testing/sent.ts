import { expect } from '@jest/globals';
import type { Answer, PersonName, PlayedDoor } from './played-door.ts';

/** Sends a command to Acme's book under an id of its own; what `fields` ask of its answer. */
export function sendCommand(
  door: PlayedDoor,
  who: PersonName,
  name: string,
  input: object,
  fields: string,
  more?: Parameters<PlayedDoor['send']>[3],
): Promise<Answer> {
  const Name = name.charAt(0).toUpperCase() + name.slice(1);
  const document = `mutation ($input: ${Name}Input!) { ${name}(input: $input) { ${fields} } }`;
  return door.send(who, document, { input: { commandId: door.commandId(), workspaceId: door.acme, ...input } }, more);
}

/** The same for a command that has to succeed. */
export async function sent(
  door: PlayedDoor,
  who: PersonName,
  name: string,
  input: object,
  fields = 'position',
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
): Promise<any> {
  const { body } = await sendCommand(door, who, name, input, `${fields} userErrors { message }`);
  expect(body.data[name].userErrors).toEqual([]);
  return body.data[name];
}
