/** The plugin's end of a WebSocket to the server that is probed, with the right of an admin. */
import { decodeMulti, encode } from '@msgpack/msgpack';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { json } from 'node:stream/consumers';
import { checkServerIdentity, type ConnectionOptions, type PeerCertificate } from 'node:tls';
import { WebSocket } from 'ws';
import type { Stats } from '../http/stats.ts';
import { rtcMessageType } from '../protocol/messages.ts';
import type { Description } from './bot.ts';
import type { ProbeRequest } from './report.ts';

/** Where, and with what right. */
export type Door = Pick<ProbeRequest, 'origin' | 'names' | 'ca'> & { readonly adminKey: string };

/** One open WebSocket. */
export interface Wire {
  join(callID: string, sessionID: string): void;
  send(sessionID: string, description: Description): void;
  unmute(sessionID: string): void;
  leave(sessionID: string): void;
  close(): void;
}

/** What comes over it for the sessions that joined over it. */
export interface Heard {
  readonly described: (sessionID: string, description: Description) => void;
  /** The server has ended the session, or nobody answers any more. */
  readonly ended: (reason: string) => void;
}

/** Rejects when the server does not take us. */
export async function openWire(door: Door, heard: Heard, timeoutMs: number): Promise<Wire> {
  const url = new URL('/ws', door.origin);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const authorization = authorizationOf(door);
  const options = { ...tlsOf(door), headers: { authorization }, handshakeTimeout: timeoutMs };
  const socket = new WebSocket(url, options);
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined); // What follows is `close`.
  socket.on('close', () => heard.ended('its API closed the connection'));
  const joined = new Set<string>();
  socket.on('message', (bytes: Buffer) => take(bytes, joined, heard));
  const say = (type: string, data: object): void => socket.send(Buffer.concat([encode(type), encode(data)]));
  const rtc = (sessionID: string, type: number, data?: Uint8Array): void =>
    say('rtc', { session_id: sessionID, type, ...(data !== undefined && { data }) });
  return {
    join: (callID, sessionID) => {
      joined.add(sessionID);
      say('join', { callID, userID: sessionID, sessionID, channelID: callID, dcSignaling: false });
    },
    send: (sessionID, description) =>
      rtc(sessionID, rtcMessageType.sdp, Buffer.from(JSON.stringify(description))),
    unmute: (sessionID) => rtc(sessionID, rtcMessageType.unmute),
    leave: (sessionID) => say('leave', { sessionID }),
    close: () => socket.terminate(),
  };
}

/** Which ports there are to call, as the server says. Rejects when it does not. */
export async function mediaPortsOf(door: Door, timeoutMs: number): Promise<Stats['mediaPorts']> {
  const request = door.origin.startsWith('https:') ? httpsRequest : httpRequest;
  const headers = { authorization: authorizationOf(door) };
  const options = { ...tlsOf(door), headers, signal: AbortSignal.timeout(timeoutMs), agent: false };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(`${door.origin}/stats`, options, resolve).once('error', reject).end();
  });
  if (response.statusCode !== 200) throw new Error(`GET /stats answered ${response.statusCode ?? 0}`);
  return ((await json(response)) as Pick<Stats, 'mediaPorts'>).mediaPorts;
}

/** RFC 7617; the admin's name does not matter, the password is the key. */
function authorizationOf({ adminKey }: Pick<Door, 'adminKey'>): string {
  return `Basic ${Buffer.from(`:${adminKey}`).toString('base64')}`;
}

/** Without names nobody could say whose certificate it should be. */
function tlsOf({ names, ca }: Pick<Door, 'names' | 'ca'>): ConnectionOptions {
  const [servername] = names ?? [];
  if (names === undefined || servername === undefined) return { rejectUnauthorized: false };
  return {
    ...(ca !== undefined && { ca }),
    servername,
    checkServerIdentity: (_: string, peer: PeerCertificate) => {
      const problems = names.map((name) => checkServerIdentity(name, peer));
      return problems.includes(undefined) ? undefined : problems[0];
    },
  };
}

/** What was meant for a connection that has closed comes over another one of the same client: it is none of our business. */
function take(bytes: Buffer, joined: ReadonlySet<string>, heard: Heard): void {
  const [type, data] = [...decodeMulti(bytes)] as [unknown, Readonly<Record<string, unknown>> | undefined];
  const isOurs = (id: unknown): id is string => typeof id === 'string' && joined.has(id);
  if (type === 'close' && isOurs(data?.['sessionID'])) heard.ended('the server ended the session');
  const sessionID = data?.['session_id'];
  if (type !== 'rtc' || data?.['type'] !== rtcMessageType.sdp || !isOurs(sessionID)) return;
  const text = Buffer.from(data['data'] as Uint8Array).toString();
  heard.described(sessionID, JSON.parse(text) as Description);
}
