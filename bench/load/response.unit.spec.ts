import { describe, expect, it } from '@jest/globals';
import { Latencies } from './latencies.ts';
import { readResponse } from './response.ts';

const WITH_LENGTH = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"decision":true}';
const IN_CHUNKS =
  'HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\na;x=1\r\n0\r\n\r\n56789\r\n0\r\n\r\n';
const WITHOUT_BODY = 'HTTP/1.1 204 No Content\r\nconnection: keep-alive\r\n\r\n';

describe('reading a response', () => {
  it.each([
    ['with a length', WITH_LENGTH, 200, 17],
    ['in chunks, one of which looks like an end', IN_CHUNKS, 503, 34],
    ['without a body', WITHOUT_BODY, 204, 0],
  ])('finds the end of one %s, however it was cut, and not before', (_, text, status, length) => {
    for (let size = 0; size < text.length; size += 1) expect(readResponse(text.slice(0, size))).toBeUndefined();
    const whole = { status, bodyAt: text.length - length, end: text.length };
    expect(readResponse(text)).toEqual(whole);
    expect(readResponse(`${text}HTTP/1.1 500 next`)).toEqual(whole);
  });

  it('takes no header out of the body', () => {
    const text = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n13\r\n\r\ncontent-length: 3\r\n0\r\n\r\n';
    expect(readResponse(text)?.end).toBe(text.length);
  });

  it('throws rather than guess', () => {
    expect(() => readResponse('HTTP/1.1 200 OK\r\n\r\n')).toThrow('neither content-length nor chunks');
    expect(() => readResponse('SSH-2.0\r\n\r\n')).toThrow('not an HTTP/1.1 response');
  });
});

describe('latencies', () => {
  it('gives the latency that a share does not exceed, slow ones included', () => {
    const latencies = new Latencies();
    for (let millisecond = 100; millisecond >= 1; millisecond -= 1) latencies.add(millisecond);
    expect([0, 0.5, 0.99, 1].map((share) => latencies.quantile(share))).toEqual([1, 50, 99, 100]);
    latencies.add(7000);
    latencies.add(3000);
    expect([0.98, 0.99, 1].map((share) => latencies.quantile(share))).toEqual([100, 3000, 7000]);
    expect(latencies.total).toBe(102);
  });

  it('knows nothing of nothing', () => {
    expect(new Latencies().quantile(0.5)).toBeNaN();
  });
});
