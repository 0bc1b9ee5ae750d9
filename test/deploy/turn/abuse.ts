/** Callers that take more than they are given: of allocations, of bandwidth, of answers. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurnClient, TurnError } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { decode, encode, methods } from '../../../operator/facts/turn/message.ts';
import { tryAllocation, type TrialResult } from '../../../operator/facts/turn/tryAllocation.ts';
import { word } from '../../../operator/facts/turn/values.ts';
import { places } from './nodes.ts';
import type { Ears } from './reach.ts';

const server = { host: places.coturn, port: 3478, transport: 'udp' } as const;

/** What came of it. */
export interface AbuseReport {
  /** Codes of five allocations of one user, the last two with newer credentials; 0: allocated. */
  readonly ofOneUser: readonly number[];
  /** Codes of allocations of others, until the whole server is full. */
  readonly inTotal: readonly number[];
  /** Trials of the operator meanwhile. */
  readonly whenFull: { readonly rightSecret: TrialResult; readonly wrongSecret: TrialResult };
  readonly bandwidth: { readonly sentBytes: number; readonly arrivedBytes: number; readonly seconds: number };
  readonly unauthenticated: {
    readonly asked: number;
    readonly answered: number;
    /** Whether somebody with a credential, at another address, got in meanwhile. */
    readonly isOtherServed: boolean;
    /** The same at the very address that asked too much. */
    readonly isNeighbourServed: boolean;
  };
}

/** Needs a coturn with two allocations per user, four in all, and few bytes and answers per second. */
export async function abuse({
  secret,
  ears,
}: {
  readonly secret: string;
  readonly ears: Ears;
}): Promise<AbuseReport> {
  const bandwidth = await tooManyBytes(secret, ears);
  const held: TurnClient[] = [];
  const ofOneUser = [];
  for (const ttlSeconds of [60, 60, 60, 61, 62])
    ofOneUser.push(await take(held, secret, { user: 'greedy', ttlSeconds }));
  const inTotal = [];
  for (const user of ['one', 'two', 'three'])
    inTotal.push(await take(held, secret, { user, ttlSeconds: 60 }));
  const localAddress = places.otherCaller;
  const tried = { server: { ...server, localAddress } };
  const whenFull = {
    rightSecret: await tryAllocation({ ...tried, secret }),
    wrongSecret: await tryAllocation({ ...tried, secret: `not ${secret}` }),
  };
  for (const client of held) {
    await client.refresh(0).catch(() => undefined);
    client.close();
  }
  return { ofOneUser, inTotal, whenFull, bandwidth, unauthenticated: await tooManyQuestions(secret) };
}

async function take(
  held: TurnClient[],
  secret: string,
  who: { readonly user: string; readonly ttlSeconds: number },
): Promise<number> {
  // From an address of its own: answers without credentials are counted by address.
  const localAddress = who.user === 'greedy' ? places.caller : places.otherCaller;
  const credential = restCredential(secret, { ...who, nowMs: Date.now() });
  const client = await TurnClient.open({ server: { ...server, localAddress }, credential });
  try {
    await client.allocate();
    held.push(client);
    return 0;
  } catch (error) {
    client.close();
    return error instanceof TurnError ? (error.code ?? -1) : -1;
  } finally {
    await sleep(250);
  }
}

const packetBytes = 1_000;
const seconds = 3;

async function tooManyBytes(secret: string, ears: Ears): Promise<AbuseReport['bandwidth']> {
  const credential = restCredential(secret, { user: 'loud', ttlSeconds: 60, nowMs: Date.now() });
  const client = await TurnClient.open({ server, credential });
  await client.allocate();
  await client.channelBind(0x4000, { address: places.sfu, port: 8045 });
  const before = ears.heard().length;
  const packet = Buffer.alloc(packetBytes, 'loud');
  let sent = 0;
  const endMs = performance.now() + seconds * 1000;
  while (performance.now() < endMs) {
    for (let burst = 0; burst < 4; burst += 1, sent += 1) client.sendChannel(0x4000, packet);
    await sleep(20);
  }
  await sleep(200);
  const arrived = ears
    .heard()
    .slice(before)
    .filter(({ word: said }) => said.startsWith('loud'));
  await client.refresh(0);
  client.close();
  const arrivedBytes = arrived.reduce((sum, { bytes }) => sum + bytes, 0);
  return { sentBytes: sent * packetBytes, arrivedBytes, seconds };
}

const questions = 50;

async function tooManyQuestions(secret: string): Promise<AbuseReport['unauthenticated']> {
  // What was freed above is to be had again after a moment.
  await sleep(3_000);
  const socket = createSocket('udp4');
  socket.bind(0, places.caller);
  await once(socket, 'listening');
  let answered = 0;
  socket.on('message', (bytes) => {
    if (decode(bytes)?.class === 'error') answered += 1;
  });
  const ask = (): void => {
    const attributes = [word('requestedTransport', 17 * 2 ** 24)];
    const question = {
      method: methods.allocate,
      class: 'request',
      transactionId: randomBytes(12),
      attributes,
    } as const;
    socket.send(encode(question), server.port, server.host);
  };
  for (let index = 0; index < questions; index += 1) ask();
  const [other, neighbour] = await Promise.all(
    [places.otherCaller, places.caller].map((localAddress) =>
      tryAllocation({ server: { ...server, localAddress }, secret, user: localAddress, timeoutMs: 2_000 }),
    ),
  );
  await sleep(300);
  socket.close();
  return {
    ...{ asked: questions, answered },
    isOtherServed: other?.ok === true,
    isNeighbourServed: neighbour?.ok === true,
  };
}
