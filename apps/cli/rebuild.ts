import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { CommandFailed, EXIT } from './exit.ts';
import { reach } from './graphql.ts';
import type { Common } from './options.ts';
import { say, sayJson } from './printed.ts';

interface Result {
  readonly kind: 'progress' | 'rebuilt' | 'failed';
  readonly facts?: number;
  readonly position?: string;
  readonly because?: string;
  readonly comparison?: {
    readonly equal: boolean;
    readonly tables: readonly { readonly table: string; readonly rows: readonly [number, number] }[];
  };
}

export async function rebuildTables({ url, dataDir, json }: Common): Promise<void> {
  const answer = await reach(`${url}/v1/operator/rebuild`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operatorKey(dataDir)}` },
  });
  if (!answer.ok || !answer.body) throw new CommandFailed(EXIT.failed, `The service answered ${answer.status}.`);
  let result: Result | undefined;
  for await (const line of createInterface({ input: Readable.fromWeb(answer.body as never) })) {
    result = JSON.parse(line) as Result;
    if (result.kind === 'progress' && process.stderr.isTTY) process.stderr.write(`\r${result.facts ?? 0} facts`);
  }
  if (process.stderr.isTTY) process.stderr.write('\r');
  if (json) sayJson(result);
  if (result?.kind !== 'rebuilt')
    throw new CommandFailed(EXIT.failed, result?.because ?? 'The service broke off the rebuild.');
  const { comparison, facts = 0 } = result;
  if (!json) {
    say(`Every table was built anew from ${facts} facts.`);
    for (const { table, rows } of comparison?.tables ?? []) say(`  ${table.padEnd(16)} ${rows[0]} rows`);
    if (!comparison) say('There were no live tables to compare with.');
    else
      say(
        comparison.equal
          ? 'They equal the live ones, byte for byte.'
          : 'They DIFFER from the live ones, which they replaced.',
      );
  }
  if (comparison?.equal === false)
    throw new CommandFailed(EXIT.failed, 'The live tables were wrong. The rebuilt ones are in their place.');
}

/** @throws {CommandFailed} */
function operatorKey(dataDir: string): string {
  const given = process.env['GATEBOOK_OPERATOR_KEY'];
  if (given) return given;
  const file = join(dataDir, 'keys.json');
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { operator: string }).operator;
  } catch {
    throw new CommandFailed(
      EXIT.usage,
      `This needs the operator's key: GATEBOOK_OPERATOR_KEY, or ${file} of an embedded service.`,
    );
  }
}
