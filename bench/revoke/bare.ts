/** As little as closing sockets can be: on `POST /off` an answer, then every socket closed in one loop. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { announce } from '../baselines/announce.ts';

const sockets = new Set<WebSocket>();
const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
const server = createServer((_request, response) => {
  response.end('{}');
  for (const socket of sockets) socket.close(4401, 'Unauthorized');
});
server.on('upgrade', (request, raw, head) => {
  webSockets.handleUpgrade(request, raw, head, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
});
server.listen(0, '127.0.0.1', () => announce([(server.address() as AddressInfo).port]));
