import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeMulti, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type WebSocket, WebSocketServer } from 'ws';
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { openWire, type Wire } from '../../../sfu/probe/wire.ts';
import { eventually } from '../../support/eventually.ts';

let http: Server;
let wire: Wire;
let server: WebSocket;
let got: unknown[];
const heard: string[] = [];

beforeEach(async () => {
  heard.length = 0;
  got = [];
  http = createServer().listen(0, '127.0.0.1');
  await once(http, 'listening');
  const sockets = new WebSocketServer({ server: http });
  const came = once(sockets, 'connection') as Promise<[WebSocket]>;
  const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  wire = await openWire(
    { origin, adminKey: 'k' },
    {
      described: (sessionID, { type }) => heard.push(`${type} for ${sessionID}`),
      ended: (reason) => heard.push(reason),
    },
    5_000,
  );
  [server] = await came;
  server.on('message', (bytes: Buffer) => got.push(...decodeMulti(bytes)));
});
afterEach(() => {
  wire.close();
  http.close();
});

const say = (type: string, data: object): void => server.send(Buffer.concat([encode(type), encode(data)]));
const answer = Buffer.from(JSON.stringify({ type: 'answer', sdp: '' }));

test('what a fake server says of a session of another connection is not taken for ours', async () => {
  wire.join('c', 'ours');
  await eventually(() => (got.includes('join') ? undefined : 'the join'));
  say('rtc', { session_id: 'theirs', type: rtcMessageType.sdp, data: answer });
  say('close', { sessionID: 'theirs' });
  say('rtc', { session_id: 'ours', type: rtcMessageType.sdp, data: answer });
  say('close', { sessionID: 'ours' });
  await eventually(() => (heard.length > 0 && heard.at(-1)?.includes('ended') ? undefined : heard.join()));
  expect(heard).toEqual(['answer for ours', 'the server ended the session']);
});
