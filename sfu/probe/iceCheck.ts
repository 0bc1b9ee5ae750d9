/** The check that opens every path of ICE (RFC 8445 7.2.2), over TCP (RFC 6544, framed as RFC 4571 says). */
import { createHmac, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { crc32 } from 'node:zlib';

/** What the server's answer says. */
export interface IceKeys {
  readonly ufrag: string;
  readonly password: string;
}

/** The ICE keys in a description; undefined when it has none. */
export function iceKeysIn(sdp: string): IceKeys | undefined {
  const ufrag = /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1];
  const password = /^a=ice-pwd:(\S+)/m.exec(sdp)?.[1];
  return ufrag === undefined || password === undefined ? undefined : { ufrag, password };
}

const headerBytes = 20;
const successType = 0x0101;

/** A Binding request of a client whose own name is `from`, framed. */
export function framedCheck({ ufrag, password }: IceKeys, from: string, transactionID: Uint8Array): Buffer {
  const attributes = Buffer.concat([
    attribute(0x0006, Buffer.from(`${ufrag}:${from}`)), // USERNAME
    attribute(0x0024, Buffer.from('5a7fffff', 'hex')), // PRIORITY of a peer-reflexive TCP candidate
    attribute(0x802a, randomBytes(8)), // ICE-CONTROLLING
  ]);
  const integrity = createHmac('sha1', password)
    .update(Buffer.concat([header(attributes.length + 24, transactionID), attributes]))
    .digest();
  const signed = Buffer.concat([attributes, attribute(0x0008, integrity)]);
  const checksum = Buffer.alloc(4);
  const whole = Buffer.concat([header(signed.length + 8, transactionID), signed]);
  checksum.writeUInt32BE((crc32(whole) ^ 0x5354554e) >>> 0);
  const message = Buffer.concat([whole, attribute(0x8028, checksum)]);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(message.length);
  return Buffer.concat([length, message]);
}

/** Whether what came so far begins with the answer to that request. */
export function isAccepted(framed: Uint8Array, transactionID: Uint8Array): boolean {
  const message = Buffer.from(framed).subarray(2);
  return (
    message.length >= headerBytes &&
    message.readUInt16BE(0) === successType &&
    message.subarray(8, headerBytes).equals(transactionID)
  );
}

/** Resolves when the server accepts us at this address. Rejects with what is in the way. */
export async function checkTcp(
  to: { readonly address: string; readonly port: number },
  keys: IceKeys,
  timeoutMs: number,
): Promise<void> {
  const transactionID = randomBytes(12);
  const socket = connect({ host: to.address, port: to.port, timeout: timeoutMs });
  try {
    await new Promise<void>((resolve, reject) => {
      let came = Buffer.alloc(0);
      socket.once('connect', () => socket.write(framedCheck(keys, 'probe', transactionID)));
      socket.on('data', (data) => {
        came = Buffer.concat([came, data]);
        if (isAccepted(came, transactionID)) resolve();
      });
      socket.once('timeout', () => reject(new Error(silence(socket.connecting, timeoutMs))));
      socket.once('error', (error: NodeJS.ErrnoException) => reject(new Error(wordFor(error))));
      socket.once('close', () => reject(new Error('connected, but the server closed the connection')));
    });
  } finally {
    socket.destroy();
  }
}

function silence(isConnecting: boolean, timeoutMs: number): string {
  const seconds = `${timeoutMs / 1000} s`;
  return isConnecting
    ? `no connection within ${seconds}: is the port open in every firewall on the way?`
    : `connected, but no answer within ${seconds}: something else answers at this address`;
}

function wordFor(error: NodeJS.ErrnoException): string {
  if (error.code === 'ECONNREFUSED') return 'refused: nothing listens there, or a firewall rejects it';
  return error.code ?? error.message;
}

function header(length: number, transactionID: Uint8Array): Buffer {
  const bytes = Buffer.from('000100002112a442', 'hex');
  bytes.writeUInt16BE(length, 2);
  return Buffer.concat([bytes, transactionID]);
}

/** Values are padded to words (RFC 8489 14). */
function attribute(type: number, value: Uint8Array): Buffer {
  const bytes = Buffer.alloc(4 + Math.ceil(value.length / 4) * 4);
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  bytes.set(value, 4);
  return bytes;
}
