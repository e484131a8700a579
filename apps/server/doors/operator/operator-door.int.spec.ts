import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InProcess } from '#server/testing/in-process';

describe('The operator’s door', () => {
  let service: InProcess;
  beforeAll(async () => {
    service = await InProcess.start();
  });
  afterAll(() => service.close());

  const rebuild = (headers: Readonly<Record<string, string>>) => service.call('/v1/operator/rebuild', { headers });

  it('opens to the operator’s key alone', async () => {
    const others = [{}, service.bearer('product'), service.bearer('directory'), { authorization: 'Bearer x' }];
    for (const headers of others) {
      const { status, body } = await rebuild(headers);
      expect([status, body.type]).toEqual([401, 'urn:gatebook:problem:unauthenticated']);
    }
  });

  it('builds the tables anew from the log: they equal the live ones, and the log stays as it is', async () => {
    const head = await service.head();
    const { status, text } = await rebuild(service.bearer('operator'));
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(status).toBe(200);
    expect(lines.at(-1)).toMatchObject({ kind: 'rebuilt', position: head, comparison: { equal: true } });
    expect(await service.head()).toBe(head);
  });
});
