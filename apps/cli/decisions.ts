import { createInterface } from 'node:readline/promises';
import { visibly } from '#wording/exactly';
import { CommandFailed, EXIT } from './exit.ts';
import type { AsPerson } from './options.ts';
import { asSentence, requestMeant, sendAbout, standing } from './requests.ts';
import { complain, say } from './printed.ts';

type Approve = AsPerson & {
  readonly pages?: readonly string[];
  readonly minutes?: number;
  readonly target?: string;
  readonly args?: string;
  readonly message?: string;
  readonly yes: boolean;
};

/**
 * Approves a request, as it was shown: the digest of that goes with the decision, so that what was changed in between is
 * refused.
 */
export async function approveRequest(id: string, options: Approve): Promise<void> {
  const request = await requestMeant(options, undefined, id);
  const { pages, minutes, target, args: argumentsJson, message, yes, json } = options;
  const changes = {
    ...(pages && { pages }),
    ...(minutes !== undefined && { minutes }),
    ...(target !== undefined && { target }),
    ...(argumentsJson !== undefined && { argumentsJson }),
  };
  const isChanged = Object.keys(changes).length > 0;
  if (!yes) {
    // Where the answer is for a program, the question is still for a person.
    const show = json ? complain : say;
    for (const line of asSentence(request)) show(line);
    for (const [what, value] of Object.entries(changes))
      show(`  Granted instead: ${SAID[what] ?? what} ${said(value)}`);
    if (!(await agreed('Approve this? [y/N] '))) throw new CommandFailed(EXIT.failed, 'Nothing was decided.');
  }
  const { workspaceId, id: requestId, digest } = request;
  const input = { workspaceId, requestId, digest, message, ...(isChanged && { granted: changes }) };
  await sendAbout(options, undefined, 'approveAccess', input, (now) =>
    isChanged || !yes ? [...asSentence(now), standing(now)] : [standing(now)],
  );
}

const SAID: Readonly<Record<string, string>> = {
  pages: 'only the pages',
  minutes: 'minutes:',
  target: 'about',
  argumentsJson: 'with exactly',
};

const said = (value: number | string | readonly string[]) =>
  visibly(Array.isArray(value) ? value.join(', ') : String(value));

export async function declineRequest(id: string, options: AsPerson & { readonly message?: string }): Promise<void> {
  const { workspaceId, id: requestId } = await requestMeant(options, undefined, id);
  const input = { workspaceId, requestId, message: options.message };
  await sendAbout(options, undefined, 'declineAccess', input, (now) => [standing(now)]);
}

export async function askAbout(id: string, question: string, options: AsPerson): Promise<void> {
  const { workspaceId, id: requestId } = await requestMeant(options, undefined, id);
  await sendAbout(options, undefined, 'askForInformation', { workspaceId, requestId, question }, (now) => [
    standing(now),
  ]);
}

/** Only a yes is one: an empty line, the end of what can be read and anything else are a no. */
async function agreed(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return /^y(es)?$/i.test((await Promise.race([lines.question(question), closed])).trim());
  } finally {
    lines.close();
  }
}
