import { readFileSync } from 'node:fs';
import { v7 } from 'uuid';
import { DeclaredText, linesOf } from '#server/config/declared-text';
import { CommandFailed, EXIT } from './exit.ts';
import { ensureDone, send, workspaceMeant, type UserError } from './graphql.ts';
import type { AsPerson } from './options.ts';
import { forTerminal, say, sayJson } from './printed.ts';

interface Setting {
  readonly name: string;
  readonly value: string;
  readonly source: 'PRESET' | 'INSTALLATION' | 'WORKSPACE';
  readonly sentence: string;
}
interface Shown {
  readonly preset: string;
  readonly settings: readonly Setting[];
}
interface Payload {
  readonly policy?: Shown | null;
  readonly position: string | null;
  readonly userErrors: readonly UserError[];
}

const SETTINGS = 'preset settings { name value source sentence }';
const ERRORS = 'position userErrors { code message field }';
const SHOW = `query Policy($id: ID!) { policy(workspaceId: $id) { ${SETTINGS} } }`;
const TIGHTEN = `mutation Tighten($input: TightenPolicyInput!) { tightenPolicy(input: $input) { ${ERRORS} policy { ${SETTINGS} } } }`;
const CHANGE_POLICY = `mutation Change($input: ChangePolicyInput!) { changePolicy(input: $input) { ${ERRORS} } }`;
const CHANGE_CATALOGUE = `mutation Change($input: ChangeCatalogueInput!) { changeCatalogue(input: $input) { ${ERRORS} } }`;

/** The settings in force in a workspace, each with where it comes from. */
export async function showPolicy(workspace: string, options: AsPerson & { readonly staff: boolean }): Promise<void> {
  const realm = options.staff ? 'staff' : 'members';
  const id = await workspaceMeant(options, realm, workspace);
  const { policy } = await send<{ policy: Shown }>(options, realm, SHOW, { id });
  print(policy, options);
}

type Tightening = AsPerson & { readonly set?: readonly string[]; readonly clear?: readonly string[] };

/** Makes settings stricter for a workspace, or goes back to the vendor's. @throws {CommandFailed} */
export async function tightenPolicy(workspace: string, options: Tightening): Promise<void> {
  const workspaceId = await workspaceMeant(options, 'members', workspace);
  const input = { commandId: v7(), workspaceId, set: (options.set ?? []).map(settingIn), clear: options.clear ?? [] };
  const { tightenPolicy: payload } = await send<{ tightenPolicy: Payload }>(options, 'members', TIGHTEN, { input });
  if (options.json) sayJson(payload);
  ensureDone(payload.userErrors);
  if (payload.policy && !options.json) print(payload.policy, options);
}

/** `session.capMinutes=30`: a name, and a value as it would stand in a policy's file. @throws {CommandFailed} it is none. */
function settingIn(text: string): { readonly name: string; readonly value: string } {
  const at = text.indexOf('=');
  const name = text.slice(0, at);
  const value = text.slice(at + 1);
  const { syntax, content } = new DeclaredText(name, value);
  if (at > 0 && syntax.length > 0)
    throw new CommandFailed(EXIT.usage, linesOf(name, syntax).map(forTerminal).join('\n'));
  if (at < 1 || value.trim() === '' || content === undefined)
    throw new CommandFailed(EXIT.usage, `"${forTerminal(text)}" is no setting: session.capMinutes=30.`);
  return { name, value: JSON.stringify(content) };
}

export const changePolicy = (file: string, options: AsPerson): Promise<void> =>
  change('policy', CHANGE_POLICY, file, options);

export const changeCatalogue = (file: string, options: AsPerson): Promise<void> =>
  change('catalogue', CHANGE_CATALOGUE, file, options);

async function change(what: 'policy' | 'catalogue', document: string, file: string, options: AsPerson): Promise<void> {
  const text = textOf(file);
  const broken = new DeclaredText(file, text).syntax;
  if (broken.length > 0) throw new CommandFailed(EXIT.usage, linesOf(file, broken).map(forTerminal).join('\n'));
  const input = { commandId: v7(), [what]: text };
  const answer = await send<Record<string, Payload>>(options, 'staff', document, { input });
  const [payload] = Object.values(answer);
  if (!payload) throw new CommandFailed(EXIT.failed, 'The service answered without data.');
  if (options.json) sayJson(payload);
  ensureDone(payload.userErrors);
  if (!options.json) say(`The ${what} is changed.`);
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new CommandFailed(EXIT.usage, `${file} can’t be read: ${code}.`);
  }
}

function print(policy: Shown, { json }: AsPerson): void {
  if (json) {
    sayJson(policy);
    return;
  }
  for (const { name, source, sentence } of policy.settings) {
    say(`${name.padEnd(30)} ${source.toLowerCase().padEnd(12)} ${sentence}`);
  }
}
