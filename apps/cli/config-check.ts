import { ConfigInvalid, readConfig } from '#server/config/config';
import { catalogueFrom, policyFrom } from '#server/config/declarations';
import { CommandFailed, EXIT } from './exit.ts';
import { say, sayJson } from './printed.ts';

export function checkConfig({ json }: { readonly json: boolean }): void {
  const problems: string[] = [];
  const collect = (read: () => unknown) => {
    try {
      read();
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error;
      problems.push(...error.problems);
    }
  };
  collect(() => {
    const { catalogueFile, policyFile } = readConfig(process.env);
    if (catalogueFile !== undefined) collect(() => catalogueFrom(catalogueFile));
    if (policyFile !== undefined) collect(() => policyFrom(policyFile));
  });
  if (json) sayJson({ ok: problems.length === 0, problems });
  else if (problems.length === 0) say('The configuration is good.');
  if (problems.length > 0)
    throw new CommandFailed(EXIT.failed, json ? '' : problems.map((problem) => `- ${problem}`).join('\n'));
}
