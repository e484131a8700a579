import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { EVALUATION_PATH, VISIT_HEADER, type EvaluationRequest } from '@gatebook/protocol';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { openVisits } from '../testing/open-visits.ts';
import { RunningService, serviceAddress } from '../testing/running-service.ts';
import { judgeWriteOrder } from './judge-write-order.ts';

jest.setTimeout(60_000);

/** `kill -9` proves nothing about a power cut (the page cache survives it): what proves it is the order of system calls. */
const traceable = spawnSync('strace', ['-V'], { stdio: 'ignore' }).status === 0;

describe('The order of write, flush and answer, by system calls', () => {
  let directory: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gatebook-order-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is: the fact written to the log’s file, that file flushed, and only then a byte of the answer', async () => {
    if (!traceable) {
      console.log(
        JSON.stringify({
          harness: 'write order by system calls',
          result: 'not checked',
          because: 'strace is not here',
        }),
      );
      return;
    }
    const address = await serviceAddress();
    const { visits, keys } = await openVisits({
      dataDirectory: directory,
      publicUrl: address.url,
      count: 1,
      catalogueFile: 'apps/demo/gatebook.catalogue.yaml',
    });
    const trace = join(directory, 'trace');
    const calls = 'trace=pwrite64,write,writev,sendto,sendmsg,fsync,fdatasync';
    // -D: the service stays our own child, and the tracer stands beside it.
    const under = ['strace', '-D', '-f', '-yy', '-s', '65536', '-e', calls, '-o', trace];
    const service = await RunningService.start({ ...address, dataDirectory: directory, under });
    const [visit] = visits;
    const question: EvaluationRequest = {
      subject: { type: 'staff', id: visit!.staffId },
      action: { name: 'view' },
      resource: { type: 'page', id: 'billing', properties: { workspace: visit!.workspaceId, record: 'INV-TRACED' } },
    };
    const answer = await fetch(address.url + EVALUATION_PATH, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${keys.product}`,
        [VISIT_HEADER]: visit!.token,
        'content-type': 'application/json',
      },
      body: JSON.stringify(question),
    });
    expect(await answer.json()).toMatchObject({ decision: true });
    const { pid } = service;
    await service.kill();
    let lines: string[] = [];
    while (!lines.some((line) => line.startsWith(String(pid)) && line.includes('+++ killed'))) {
      await passed(20);
      lines = readFileSync(trace, 'utf8').split('\n');
    }
    expect(judgeWriteOrder(lines, 'INV-TRACED')).toEqual([]);
    console.log(JSON.stringify({ harness: 'write order by system calls', result: 'held', calls: lines.length }));

    // The judge can say no: without the flush, and with the answer in front.
    expect(
      judgeWriteOrder(
        lines.filter((line) => !/f(data)?sync/.test(line)),
        'INV-TRACED',
      ),
    ).toContain('the log was not flushed between the write and the answer');
    expect(judgeWriteOrder(lines.toReversed(), 'INV-TRACED')).not.toEqual([]);
  });
});
