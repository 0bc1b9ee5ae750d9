import { afterEach, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import { keepFigures } from '../support/keepFigures.ts';
import { startSfu, type SfuProcess } from './process.ts';

const clients = 1_000;
const keyOf = (index: number): string => `key-of-client-${index}`.padEnd(40, '.');

let sfu: SfuProcess;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  await sfu.stop();
});

/** Registers them all, as many at a time as a proxy in front would let through. */
async function registerAll(): Promise<void> {
  const waiting = Array.from({ length: clients }, (_, index) => index);
  const worker = async (): Promise<void> => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      const body = JSON.stringify({ clientID: `mm${index}`, authKey: keyOf(index) });
      const { status } = await fetch(`${sfu.url}/register`, { method: 'POST', body });
      expect(status).toBe(201);
    }
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

/** Every client connects at the same moment, once. Resolves when each was greeted or refused. */
async function connectAll(): Promise<{ readonly isIn: number; readonly seconds: number }> {
  let isIn = 0;
  let failed = 0;
  const startMs = performance.now();
  let lastMs = startMs;
  for (let index = 0; index < clients; index += 1) {
    const basic = Buffer.from(`mm${index}:${keyOf(index)}`).toString('base64');
    const socket = new WebSocket(`${sfu.url.replace('http', 'ws')}/ws`, {
      headers: { authorization: `Basic ${basic}` },
    });
    sockets.push(socket);
    socket.once('message', () => {
      isIn += 1;
      lastMs = performance.now();
    });
    socket.once('error', () => (failed += 1));
  }
  await eventually(
    () => (isIn + failed === clients ? undefined : `${clients - isIn - failed} clients wait`),
    {
      timeoutMs: 60_000,
    },
  );
  return { isIn, seconds: (lastMs - startMs) / 1000 };
}

async function metric(name: string): Promise<number> {
  const text = await (await fetch(`${sfu.url}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1]);
}

async function measure(): Promise<{ letIn: number; seconds: number; eventLoopDelayP99Ms: number }> {
  const delay = 'rtc_sfu_event_loop_delay_p99_seconds';
  await metric(delay); // Measured anew from here on.
  const { isIn, seconds } = await connectAll();
  expect(isIn).toBe(clients);
  return { letIn: isIn, seconds, eventLoopDelayP99Ms: (await metric(delay)) * 1000 };
}

test('a thousand registered clients that connect at once are all let in, also just after a restart', async () => {
  sfu = await startSfu();
  const startMs = performance.now();
  await registerAll();
  const registerSeconds = (performance.now() - startMs) / 1000;
  const connected = await measure();
  for (const socket of sockets.splice(0)) socket.terminate();
  sfu = await sfu.restart();
  const afterRestart = await measure();
  await keepFigures('herd', { clients, registerSeconds, connected, afterRestart }, 'media -- test/sfu/herd');
}, 180_000);
