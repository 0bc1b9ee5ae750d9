/** A program on the SFU's node: listens by UDP on each `address:port` it is given and prints what arrives where. */
import { createSocket } from 'node:dgram';

const doors = process.argv.slice(2);
let open = 0;
for (const door of doors) {
  const [address, port] = door.split(':');
  const socket = createSocket('udp4');
  socket.on('message', (data) => {
    const word = data.toString('latin1', 0, 40);
    process.stdout.write(`${JSON.stringify({ door, word, bytes: data.length })}\n`);
  });
  socket.bind(Number(port), address, () => {
    open += 1;
    if (open === doors.length)
      process.stdout.write(`${JSON.stringify({ door: 'all', word: 'open', bytes: 0 })}\n`);
  });
}
