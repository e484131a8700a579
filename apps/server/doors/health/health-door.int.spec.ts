import { describe, expect, it } from '@jest/globals';
import fastify from 'fastify';
import { noEvaluations } from '../evaluation/evaluation-door.ts';
import { healthDoor, type Condition } from './health-door.ts';

async function ask(path: string, conditions: Readonly<Record<string, Condition>>) {
  const server = fastify();
  healthDoor(server, {
    conditions,
    counts: { ...noEvaluations(), permitted: 3 },
    gauges: { denials_waiting: { help: 'x', read: () => 2 } },
  });
  const answer = await server.inject(path);
  await server.close();
  return answer;
}

describe('The health door', () => {
  it('is ready where every condition holds', async () => {
    const answer = await ask('/readyz', { log: () => undefined, tables: async () => undefined });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'ready', checks: { log: 'ok', tables: 'ok' } }]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is not ready while the log is gone, says which condition fails, and tells no error’s own words', async () => {
    const answer = await ask('/readyz', {
      log: async () => 'The log can’t be written.',
      tables: () => undefined,
      following: () => Promise.reject(new Error('/secret/path')),
    });
    expect([answer.statusCode, answer.json()]).toEqual([
      503,
      {
        status: 'not ready',
        checks: { log: 'The log can’t be written.', tables: 'ok', following: 'It can’t be told.' },
      },
    ]);
  });

  it('is alive without being ready, and counts without a name of anybody (T68)', async () => {
    expect((await ask('/healthz', { log: () => 'gone' })).statusCode).toBe(200);
    const { body } = await ask('/metrics', {});
    expect(body).toContain('gatebook_evaluations{outcome="permitted"} 3\n');
    expect(body).toContain('gatebook_denials_waiting 2\n');
    expect(body).not.toMatch(/ws_|stf_|mem_/);
  });

  it('is not ready where a condition throws at once', async () => {
    const broken: Condition = () => {
      throw new Error('/secret/path');
    };
    const { statusCode, payload } = await ask('/readyz', { log: broken });
    expect(statusCode).toBe(503);
    expect(payload).not.toContain('/secret/path');
  });
});
