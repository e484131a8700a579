import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { Connections } from './connections.ts';
import { InProcess } from './testing/in-process.ts';
import { neverCutLate } from './testing/never-cut-late.ts';

const HEAD = 'GET / HTTP/1.1\r\nhost: gatebook\r\n';
const QUESTION = `${HEAD}\r\n`;
const PATIENCE_MS = 5000;

describe('The connections of a server that stops', () => {
  let server: Server;
  let connections: Connections;
  let asked: ServerResponse[];

  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance', 'hrtime', 'Date'] });
    asked = [];
    server = createServer((_, response) => void asked.push(response));
    connections = new Connections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    jest.useRealTimers();
  });

  /** A connection that sends `said`, and what it has heard. */
  const open = async (said = '') => {
    const accepted = once(server, 'connection');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').on('error', () => undefined);
    const client = { socket, heard: '', closed: new Promise((closed) => socket.once('close', closed)) };
    socket.setEncoding('utf8').on('data', (piece: string) => (client.heard += piece));
    const [remote] = (await accepted) as [Socket];
    if (said) {
      const arrived = once(remote, 'data');
      socket.write(said);
      await arrived;
    }
    return client;
  };
  const stopped = async () => {
    await connections.drain(PATIENCE_MS);
    await new Promise((done) => server.close(done));
  };

  it('are let go where nothing was asked, or only the head of a question came', async () => {
    const [silent, half] = [await open(), await open(HEAD)];
    await stopped();
    await Promise.all([silent.closed, half.closed]);
    expect([silent.heard, half.heard, asked]).toEqual(['', '', []]);
  });

  it('get the answer that is being made first, and are let go then', async () => {
    const waiting = await open(QUESTION);
    const end = stopped();
    asked[0]!.end('done');
    await Promise.all([end, waiting.closed]);
    expect(waiting.heard).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*done/);
  });

  it('that were answered before are let go', async () => {
    const kept = await open(QUESTION);
    const answered = once(kept.socket, 'data');
    asked[0]!.end('done');
    await answered;
    await stopped();
    await kept.closed;
  });

  it('are let go after a time though the answer isn’t there', async () => {
    const waiting = await open(QUESTION);
    const end = stopped();
    jest.advanceTimersByTime(PATIENCE_MS);
    await Promise.all([end, waiting.closed]);
    expect([waiting.heard, asked.length]).toEqual(['', 1]);
  });

  it('that became another protocol’s are left to its door', async () => {
    const upgraded = once(server, 'upgrade');
    const other = await open(`${HEAD}connection: upgrade\r\nupgrade: websocket\r\n\r\n`);
    const [, door] = (await upgraded) as [unknown, Socket];
    const end = stopped();
    jest.advanceTimersByTime(PATIENCE_MS);
    const told = once(other.socket, 'data');
    door.end('going away');
    await Promise.all([told, end, other.closed]);
    expect(other.heard).toBe('going away');
  });

  it('that ask for another protocol too late are let go', async () => {
    const waiting = await open(QUESTION);
    const end = stopped();
    server.on('upgrade', () => undefined);
    waiting.socket.write(`${HEAD}connection: upgrade\r\nupgrade: websocket\r\n\r\n`);
    asked[0]!.end('done');
    await Promise.all([end, waiting.closed]);
  });

  it('get all of a long answer that was made and not yet sent', async () => {
    const waiting = await open(QUESTION);
    waiting.socket.pause();
    const long = 'long '.repeat(4_000_000);
    asked[0]!.end(long);
    const end = stopped();
    waiting.socket.resume();
    await Promise.all([end, waiting.closed]);
    expect(waiting.heard.endsWith(long)).toBe(true);
  });

  it('aren’t taken any more', async () => {
    await connections.drain(PATIENCE_MS);
    const late = await open();
    await late.closed;
  });
});

describe('A service that stops', () => {
  let service: InProcess;

  beforeEach(async () => {
    service = await InProcess.start({ told: false });
  });
  afterEach(() => void jest.restoreAllMocks());

  it('waits for no connection on which nothing was asked', async () => {
    const socket = connect(Number(new URL(service.url).port), 'localhost').on('error', () => undefined);
    await once(socket, 'connect');
    await fetch(`${service.url}/health`);
    const closed = once(socket, 'close');
    const cutLate = neverCutLate();
    await service.close();
    await closed;
    expect(cutLate).toHaveBeenCalled();
  });
});
