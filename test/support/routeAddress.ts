/** The address that Firefox uses. */
import { createSocket } from 'node:dgram';

/**
 * The address of the default route. As long as a page has no camera, Firefox uses no other (RFC 8828 mode 2), never
 * loopback beside one. Nothing is sent to find it out, and what is sent to it stays on this machine. Default: loopback.
 */
export async function routeAddress(): Promise<string> {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.connect(9, '198.51.100.1', resolve);
    });
    return socket.address().address;
  } catch {
    return '127.0.0.1'; // There is no route to anywhere but here.
  } finally {
    socket.close();
  }
}
