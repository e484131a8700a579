import { describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const module = JSON.stringify(join(import.meta.dirname, 'stray-rejections.ts'));

/** A process of its own, in which graphql-js gives up what it still waits for. */
const run = (before: string) =>
  spawnSync(
    process.execPath,
    [
      '--conditions=gatebook',
      '--input-type=module',
      '--eval',
      `import { buildSchema, graphql } from 'graphql';
       const { outliveStrayRejections } = await import(${module});
       const logger = { error: ({ err }, text) => console.log(err.message + ': ' + text) };
       ${before}
       const schema = buildSchema('type Query { things: [Thing!]! } type Thing { name: String! }');
       const late = () => new Promise((_, reject) => setTimeout(reject, 5, new Error('late')));
       const atOnce = () => { throw new Error('at once'); };
       const { errors } = await graphql({
         schema,
         source: '{ things { name } }',
         rootValue: { things: [{ name: late }, { name: atOnce }] },
       });
       console.log(errors.map(({ message }) => message).join());
       await new Promise((resolve) => setTimeout(resolve, 50));
       console.log('alive');`,
    ],
    { encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } },
  );

describe('A rejection that nobody waits for (T39)', () => {
  it('is told to the operator and ends no process', () => {
    const { status, stdout } = run('outliveStrayRejections(logger);');
    expect([status, stdout]).toEqual([
      0,
      'at once\nlate: something failed that nobody waited for, and the service goes on\nalive\n',
    ]);
  });

  it('would end it: graphql-js gives up what a list still waits for', () => {
    const { status, stdout } = run('');
    expect([status, stdout]).toEqual([1, 'at once\n']);
  });
});
