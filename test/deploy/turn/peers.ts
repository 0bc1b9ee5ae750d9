/** Peers that come and go while coturn runs, by the rows that the agent writes. */
import type { Database } from '../../../operator/agent/database.ts';
import { TurnClient, TurnError } from '../../../operator/facts/turn/client.ts';
import { restCredential } from '../../../operator/facts/turn/credential.ts';
import { eventually } from '../../support/eventually.ts';
import { places } from './nodes.ts';

/** What came of it; each step waited for the one before. */
export interface PeersReport {
  readonly before: string;
  readonly added: string;
  readonly removed: string;
  /** Of the channel that was bound while the peer was allowed. */
  readonly channelOfRemoved: string;
}

const newcomer = { address: places.controlPlane, port: 8045 };
const none = { secrets: [], peers: [] };

/** `database` is that of the running coturn, which looks at peers every five seconds. */
export async function peersLive(secret: string, database: Database): Promise<PeersReport> {
  const credential = restCredential(secret, { user: 'patient', ttlSeconds: 60, nowMs: Date.now() });
  const server = { host: places.coturn, port: 3478, transport: 'udp' } as const;
  const client = await TurnClient.open({ server, credential });
  await client.allocate();
  const permission = (): Promise<string> => outcome(client.createPermission(newcomer.address));
  const until = (wanted: string): Promise<void> =>
    eventually(async () => ((await permission()) === wanted ? undefined : `permission is not ${wanted}`));
  const before = await permission();
  database.write({ add: { ...none, peers: [newcomer.address] }, remove: none });
  await until('allowed');
  const added = await outcome(client.channelBind(0x4001, newcomer));
  database.write({ add: none, remove: { ...none, peers: [newcomer.address] } });
  await until('refused with 403');
  const removed = await permission();
  const channelOfRemoved = await outcome(client.channelBind(0x4001, newcomer));
  client.close();
  return { before, added, removed, channelOfRemoved };
}

async function outcome(request: Promise<void>): Promise<string> {
  try {
    await request;
    return 'allowed';
  } catch (error) {
    if (error instanceof TurnError && error.code !== undefined) return `refused with ${error.code}`;
    throw error;
  }
}
