/** Bytes into a port, and what comes back: for attackers that care little about answers. */
import { createSocket, type Socket as UdpSocket } from 'node:dgram';
import { connect } from 'node:net';

/** Sends bytes over a new TCP connection; resolves with the answer so far at its end, or after a while of silence. */
export function poke(
  port: number,
  parts: readonly (string | Uint8Array)[],
  silenceMs = 100,
): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1');
    socket
      .on('data', (data) => (answer = (answer + data.toString('latin1')).slice(0, 1000)))
      .on('error', () => undefined)
      .on('close', () => resolve(answer))
      .setTimeout(silenceMs, () => socket.destroy());
    for (const part of parts) socket.write(part);
  });
}

/** A UDP socket that sends to one port of this machine. */
export interface Sender {
  /** Resolves when the kernel has taken it; what it refuses is dropped. */
  send(data: Uint8Array): Promise<void>;
  readonly received: Buffer[];
  close(): void;
}

/** Datagrams a second of one sender: an attack on what reads them, not on the size of a socket buffer. */
const ratePerSecond = 4_000;

/** Opens one. */
export function openSender(port: number): Sender {
  const socket: UdpSocket = createSocket('udp4');
  const received: Buffer[] = [];
  let sent = 0;
  socket.on('message', (data) => received.push(data)).on('error', () => undefined);
  return {
    received,
    send: async (data) => {
      await new Promise<void>((resolve) => socket.send(data, port, '127.0.0.1', () => resolve()));
      sent += 1;
      if (sent % (ratePerSecond / 100) === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    close: () => socket.close(),
  };
}
