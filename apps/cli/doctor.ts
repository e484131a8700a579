import { bootstrapLog, type BootstrapOptions } from './bootstrap.ts';
import { CommandFailed, EXIT } from './exit.ts';
import { reach } from './graphql.ts';
import type { Common } from './options.ts';
import { say, sayJson } from './printed.ts';

export async function doctor(options: Common & BootstrapOptions & { readonly bootstrap: boolean }): Promise<void> {
  if (options.bootstrap) return bootstrapLog(options);
  const { url, json } = options;
  const answer = await reach(`${url}/readyz`);
  const report = (await answer.json()) as { status: string; checks: Record<string, string> };
  if (json) sayJson(report);
  else {
    say(`${url} is ${report.status}.`);
    for (const [name, state] of Object.entries(report.checks)) say(`  ${name.padEnd(10)} ${state}`);
  }
  if (!answer.ok) throw new CommandFailed(EXIT.failed, 'Something is not well.');
}
