/** Inputs made to cost more than they weigh, by name; each takes about `bytes` of input. */
import { deflateSync } from 'node:zlib';

import { msgpackBytes } from './grammar/msgpack.ts';

/** Makes a bomb of about this size. */
export type Bomb<T> = (bytes: number) => T;

const session = 'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n';
const head = `${session}m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n`;

const repeated = (text: string, bytes: number): string => text.repeat(Math.ceil(bytes / text.length));
const numbered = (line: (number: number) => string, bytes: number): string => {
  const count = Math.ceil(bytes / line(1000).length);
  return Array.from({ length: count }, (_, index) => line(index)).join('');
};

/** Descriptions. */
export const sdpBombs: Readonly<Record<string, Bomb<string>>> = {
  'one payload type as every format, with feedback': (bytes) =>
    `${session}m=audio 9 x ${repeated('1 ', bytes / 2)}\r\na=mid:0\r\na=rtpmap:1 opus/48000\r\n${repeated('a=rtcp-fb:1 x\r\n', bytes / 2)}`,
  'many formats, with feedback for all': (bytes) =>
    `${session}m=audio 9 x ${numbered((n) => `${n} `, bytes / 4)}\r\na=mid:0\r\n${numbered((n) => `a=rtpmap:${n} a/1\r\n`, bytes / 4)}${repeated('a=rtcp-fb:* x\r\n', bytes / 2)}`,
  'one rtpmap again and again': (bytes) => head + repeated('a=rtpmap:111 opus/48000/2\r\n', bytes),
  'feedback lines': (bytes) =>
    `${head}a=rtpmap:111 opus/48000/2\r\n${repeated('a=rtcp-fb:111 x\r\n', bytes)}`,
  'parameters on one line': (bytes) =>
    `${head}a=rtpmap:111 a/1\r\na=fmtp:111 ${numbered((n) => `${n}=;`, bytes)}\r\n`,
  'm-lines': (bytes) => session + numbered((n) => `m=audio 9 x 1\r\na=mid:${n}\r\n`, bytes),
  'SSRC lines': (bytes) => head + numbered((n) => `a=ssrc:${n} cname:x\r\n`, bytes),
  'SSRC groups': (bytes) => head + numbered((n) => `a=ssrc-group:FID ${n} ${n + 1}\r\n`, bytes),
  'header extensions': (bytes) => head + numbered((n) => `a=extmap:${n} urn:x\r\n`, bytes),
  fingerprints: (bytes) => head + numbered((n) => `a=fingerprint:sha-${n} AB:CD\r\n`, bytes),
  'a fingerprint without end': (bytes) => `${head}a=fingerprint:x ${repeated('AB:', bytes)}\r\n`,
  candidates: (bytes) => head + repeated('a=candidate:1 1 udp 1 127.0.0.1 9 typ host\r\n', bytes),
  'a line without end': (bytes) => head + repeated('a', bytes),
  'half a msid': (bytes) => `${head}a=ssrc:1 ${repeated(' msid:', bytes)}\r\n`,
  'carriage returns': (bytes) => head + repeated('\r', bytes),
  spaces: (bytes) => `${head}a=msid:${repeated(' ', bytes)}x\r\n`,
  rids: (bytes) => head + repeated('a=rid:h send\r\n', bytes),
};

/** Messages of the data channel and of the plugin, as they come out of the socket. */
export const msgpackBombs: Readonly<Record<string, Bomb<Uint8Array>>> = {
  'arrays in arrays': (bytes) => Buffer.alloc(bytes, 0x91),
  'arrays in arrays, each announcing more': (bytes) =>
    Buffer.from(repeated('dc0040', bytes).slice(0, 2 * bytes), 'hex'),
  'maps in maps': (bytes) => Buffer.from('81a161'.repeat(bytes / 3), 'hex'),
  'small values': (bytes) => Buffer.alloc(bytes, 0x01),
  'empty arrays': (bytes) => Buffer.alloc(bytes, 0x90),
  'one long text': (bytes) => {
    const bomb = Buffer.alloc(bytes, 'a');
    bomb.write('db', 'hex');
    bomb.writeUInt32BE(bytes - 5, 1);
    return bomb;
  },
  'blanks, compressed': (bytes) => sdpMessage(Buffer.alloc(1000 * bytes, ' ')),
  'brackets, compressed': (bytes) => sdpMessage(Buffer.alloc(8 * bytes, '[')),
};

function sdpMessage(text: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(3), msgpackBytes(deflateSync(text))]);
}
