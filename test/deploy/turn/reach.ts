/** Whom a caller with a good credential reaches through coturn, by permission and by channel. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TurnClient, TurnError } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { places } from './nodes.ts';

/** What arrived on the SFU's node so far. */
export interface Ears {
  heard(): readonly { readonly door: string; readonly word: string; readonly bytes: number }[];
}

/** Somebody who should not be reached, or should. */
export interface Target {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Nobody listens there: it is refused before. */
  readonly isDeaf?: true;
}

/** As `docs/turn-threats.md` lists them. */
export const targets: readonly Target[] = [
  { name: 'Media port of an SFU node (UDP 8045)', address: places.sfu, port: 8045 },
  { name: 'Kubelet port of an SFU node (UDP 10250)', address: places.sfu, port: 10_250 },
  { name: 'VXLAN of an SFU node (UDP 8472)', address: places.sfu, port: 8472 },
  { name: 'VXLAN of an SFU node (UDP 4789)', address: places.sfu, port: 4789 },
  { name: 'WireGuard of an SFU node (UDP 51820)', address: places.sfu, port: 51_820 },
  { name: 'Metadata service of the cloud', address: places.metadata, port: 80 },
  { name: 'Kubernetes API by its Service', address: places.apiService, port: 443 },
  { name: 'Kubernetes API by its node', address: places.controlPlane, port: 6443 },
  { name: 'Agent of the TURN pod', address: places.coturn, port: 8446, isDeaf: true },
  { name: 'Loopback of the TURN node', address: '127.0.0.1', port: 9641, isDeaf: true },
  { name: 'Any address of the TURN node', address: '0.0.0.0', port: 9641, isDeaf: true },
  { name: 'Multicast', address: '224.0.0.251', port: 5353, isDeaf: true },
];

/** A caller with a good credential. */
interface Caller {
  readonly secret: string;
  readonly ears: Ears;
}

/** By name of the target: `arrives`, `dropped`, or how it was refused. */
export async function reach(caller: Caller): Promise<Readonly<Record<string, string>>> {
  const udp = await Promise.all(
    targets.map(async (target) => [target.name, await tryUdp(caller, target)] as const),
  );
  return { ...Object.fromEntries(udp), 'Any TCP port (TCP allocation)': await tryTcp(caller) };
}

async function opened(secret: string, user: string): Promise<TurnClient> {
  const credential = restCredential(secret, { user, ttlSeconds: 60, nowMs: Date.now() });
  return TurnClient.open({ server: { host: places.coturn, port: 3478, transport: 'udp' }, credential });
}

/** The worse of both ways counts. */
async function tryUdp({ secret, ears }: Caller, target: Target): Promise<string> {
  const client = await opened(secret, `caller-of-${target.port}`);
  try {
    await client.allocate();
    const words = [randomUUID(), randomUUID()] as const;
    const ways = [await byPermission(client, target, words[0]), await byChannel(client, target, words[1])];
    const refused = ways.filter((code) => code !== undefined);
    if (refused.length === ways.length) return `refused with ${[...new Set(refused)].join(' and ')}`;
    return await arrival(ears, words);
  } catch (cause) {
    throw new Error(`${target.name} could not be tried`, { cause });
  } finally {
    client.close();
  }
}

async function byPermission(client: TurnClient, target: Target, word: string): Promise<number | undefined> {
  const code = await refusal(client.createPermission(target.address));
  if (code === undefined) client.send(target, Buffer.from(word));
  return code;
}

async function byChannel(client: TurnClient, target: Target, word: string): Promise<number | undefined> {
  const code = await refusal(client.channelBind(0x4000, target));
  if (code === undefined) client.sendChannel(0x4000, Buffer.from(word));
  return code;
}

async function tryTcp({ secret }: Caller): Promise<string> {
  const client = await opened(secret, 'tcp');
  const code = await refusal(client.allocate({ protocol: 'tcp' }).then(() => undefined));
  client.close();
  return code === undefined ? 'allocated' : `refused with ${code}`;
}

async function refusal(request: Promise<void>): Promise<number | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof TurnError && error.code !== undefined) return error.code;
    throw error;
  }
}

/** What was dropped is known by silence: how long it is listened to. */
const silenceMs = 2_000;

/** One of the words is enough. */
async function arrival(ears: Ears, words: readonly string[]): Promise<string> {
  for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += 20) {
    if (ears.heard().some(({ word }) => words.includes(word))) return 'arrives';
    await sleep(20);
  }
  return 'dropped';
}
