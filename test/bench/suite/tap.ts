/** A UDP relay between one client and a server that hears what they negotiate. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

import { chosenSuite } from './hello.ts';

const loopback = '127.0.0.1';

/** An open relay. */
export interface Tap {
  /** Where the client has to send. */
  readonly port: number;
  /** What was chosen; undefined until the handshake. */
  readonly suite: () => string | undefined;
  readonly close: () => void;
}

/** For one client, whose address is that of its first datagram. */
export async function openTap(serverPort: number): Promise<Tap> {
  const [near, far] = [createSocket('udp4'), createSocket('udp4')];
  let client: number | undefined;
  let suite: string | undefined;
  near.on('message', (datagram, { port }) => {
    client = port;
    suite ??= chosenSuite(datagram); // The client may be the server of DTLS.
    far.send(datagram, serverPort, loopback);
  });
  far.on('message', (datagram) => {
    suite ??= chosenSuite(datagram);
    if (client !== undefined) near.send(datagram, client, loopback);
  });
  for (const socket of [near, far]) {
    socket.bind(0, loopback);
    await once(socket, 'listening');
  }
  return {
    port: near.address().port,
    suite: () => suite,
    close: () => {
      near.close();
      far.close();
    },
  };
}
