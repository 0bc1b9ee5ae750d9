/**
 * Both ends of the firewall's test, as programs: they run in network namespaces.
 * `listen PORT/PROTOCOL…` answers; `knock PORT/PROTOCOL…` prints those that answer.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const host = '10.77.0.2';
/** Dropped packets have no answer: a closed door is silence. */
const patienceMs = 3000;

const [role, ...doors] = process.argv.slice(2);
if (role === 'listen') doors.forEach(listen);
else {
  const answers = await Promise.all(doors.map(async (door) => ((await isAnswered(door)) ? [door] : [])));
  process.stdout.write(answers.flat().join('\n'));
  process.exit(0);
}

function listen(door: string): void {
  const { port, isTcp } = partsOf(door);
  if (isTcp) {
    createServer((socket) => socket.end('here')).listen(port, host);
    return;
  }
  const socket = createSocket('udp4');
  socket.on('message', (_, from) => socket.send('here', from.port, from.address));
  socket.bind(port, host);
}

/** Tries until it has an answer or patience ends: the other end may just be starting. */
async function isAnswered(door: string): Promise<boolean> {
  const { port, isTcp } = partsOf(door);
  const deadlineMs = performance.now() + patienceMs;
  while (performance.now() < deadlineMs) {
    if (await (isTcp ? tryTcp(port) : tryUdp(port))) return true;
    await sleep(100);
  }
  return false;
}

function tryTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const done = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on('data', () => done(true)).on('error', () => done(false));
    socket.setTimeout(500, () => done(false));
  });
}

async function tryUdp(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  socket.send('who is there', port, host);
  const answer = once(socket, 'message', { signal: AbortSignal.timeout(500) });
  const isAnswer = await answer.then(
    () => true,
    () => false,
  );
  socket.close();
  return isAnswer;
}

function partsOf(door: string): { readonly port: number; readonly isTcp: boolean } {
  const [port, protocol] = door.split('/');
  return { port: Number(port), isTcp: protocol === 'tcp' };
}
