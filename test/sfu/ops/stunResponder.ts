/** A STUN server on loopback that tells everybody the same address. */
import { createSocket } from 'node:dgram';

/** A server that listens. */
export interface StunResponder {
  readonly port: number;
  /** Requests so far. */
  readonly asked: () => number;
  close(): void;
}

/** Listens; leaves the first `deafTo` requests unanswered. */
export async function startStunResponder(address: string, deafTo = 0): Promise<StunResponder> {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (request, from) => {
    asked += 1;
    if (asked > deafTo) socket.send(answerTo(request, address), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, asked: () => asked, close: () => void socket.close() };
}

/** RFC 8489: a Binding success with XOR-MAPPED-ADDRESS. */
function answerTo(request: Buffer, address: string): Buffer {
  const cookie = request.subarray(4, 8);
  const mapped = address.split('.').map((byte, index) => Number(byte) ^ (cookie[index] ?? 0));
  const attribute = Buffer.from([0, 0x20, 0, 8, 0, 1, 0x21, 0x12, ...mapped]);
  return Buffer.concat([Buffer.from([1, 1, 0, attribute.length]), request.subarray(4, 20), attribute]);
}
