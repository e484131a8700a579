/** The ceiling over every service: bare `node:http` that reads the JSON body, answers a fixed yes, decides nothing. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { announce } from './announce.ts';
import { ENDS_AT, permitted, worldOf } from './answer.ts';

const { rows } = worldOf(process.argv[2]!);
const plannedEnd = Date.parse(ENDS_AT);
const visit = { ...rows[0]!, endedAt: null, plannedEnd, accessUntil: plannedEnd };
const answer = Buffer.from(JSON.stringify(permitted(visit, `view_${'0'.repeat(36)}`, '0000000')));

let answered = 0;
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify({ views: answered }));
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    JSON.parse((parts.length === 1 ? parts[0]! : Buffer.concat(parts)).toString());
    answered += 1;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => announce([(server.address() as AddressInfo).port]));
