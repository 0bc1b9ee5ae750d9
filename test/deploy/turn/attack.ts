/**
 * The attacks, as a program in network namespaces: prints one JSON object of what came of them. `attack.ts COTURN-ROOT
 * RULES` expects to be started by `unshare --net`.
 */
import { spawn } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Database, openDatabase } from '../../../operator/agent/database.ts';
import { turnserverConf } from '../../../operator/desired/turn/config.ts';
import { agentSettings, type AgentSettings } from '../../../operator/desired/turn/settings.ts';
import {
  answers,
  type Coturn,
  coturnUser,
  removeFolders,
  startCoturn,
  turnFolders,
} from '../../support/coturn.ts';
import { eventually } from '../../support/eventually.ts';
import { aTurnServer } from '../../support/turnservers.ts';
import { abuse, type AbuseReport } from './abuse.ts';
import { peersLive, type PeersReport } from './peers.ts';
import { type Nodes, places, raiseNodes } from './nodes.ts';
import { type Ears, reach, targets } from './reach.ts';

/** What `attack.ts` prints. */
export interface AttackReport {
  /** By target: what came of it without and with the firewall rule of the node. */
  readonly reached: Readonly<Record<string, { readonly without: string; readonly with: string }>>;
  readonly peers: PeersReport;
  readonly abuse: AbuseReport;
}

const secret = 'north';

/** So low that one caller can try each. */
const tight: Partial<AgentSettings> = {
  allocationsPerUser: 2,
  allocationsTotal: 4,
  maxBytesPerSecond: 20_000,
  unauthenticatedPerSecond: 5,
};

if (import.meta.main) {
  const [root = '', rules = ''] = process.argv.slice(2);
  const nodes = await raiseNodes();
  const ears = await listen(nodes);
  const report = {
    ...(await plainly({ root, rules, nodes, ears })),
    abuse: await within({ root, nodes, settings: tight }, () => abuse({ secret, ears })),
  };
  process.stdout.write(`${JSON.stringify(report)}\n`, () => {
    nodes.close();
    process.exit(0);
  });
}

interface Stage {
  readonly root: string;
  readonly rules: string;
  readonly nodes: Nodes;
  readonly ears: Ears;
}

async function plainly({ root, rules, nodes, ears }: Stage): Promise<Omit<AttackReport, 'abuse'>> {
  return within({ root, nodes, settings: {} }, async (database) => {
    const peers = await peersLive(secret, database);
    const without = await reach({ secret, ears });
    await nodes.coturn.sh(`nft -f ${rules}`);
    const withRule = await reach({ secret, ears });
    const reached = Object.fromEntries(
      Object.keys(without).map((name) => [
        name,
        { without: without[name] ?? 'not tried', with: withRule[name] ?? 'not tried' },
      ]),
    );
    return { reached, peers };
  });
}

/** Runs `work` beside a coturn on its node, configured as the pods are but for these settings. */
async function within<T>(
  {
    root,
    nodes,
    settings,
  }: { readonly root: string; readonly nodes: Nodes; readonly settings: Partial<AgentSettings> },
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const folders = await turnFolders();
  const all = {
    ...agentSettings(aTurnServer({ realm: 'example.com' })),
    unauthenticatedPerSecond: 0,
    ...settings,
  };
  const database = openDatabase(join(folders.run, 'turndb'), all.realm);
  const none = { secrets: [], peers: [] };
  database.write({ add: { secrets: [secret], peers: [places.sfu] }, remove: none });
  database.close();
  await chown(join(folders.run, 'turndb'), coturnUser, coturnUser);
  const conf = turnserverConf(
    all,
    { own: [places.coturn], mapped: [] },
    { run: folders.run, tls: folders.etc },
  );
  const coturn: Coturn = await startCoturn({ root, folders, conf, network: nodes.coturn.pid });
  const live = openDatabase(join(folders.run, 'turndb'), all.realm);
  try {
    await answers(3478, places.coturn);
    return await work(live);
  } finally {
    live.close();
    await coturn.stop();
    await removeFolders(folders);
  }
}

/** Starts what listens on the SFU's node. */
async function listen(nodes: Nodes): Promise<Ears> {
  const doors = targets.flatMap(({ address, port, isDeaf }) =>
    isDeaf === true ? [] : [`${address}:${port}`],
  );
  const program = join(import.meta.dirname, 'ears.ts');
  const args = [`--net=/proc/${nodes.sfu.pid}/ns/net`, process.execPath, program, ...new Set(doors)];
  const child = spawn('nsenter', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  const heard: { door: string; word: string; bytes: number }[] = [];
  createInterface({ input: child.stdout }).on('line', (line) =>
    heard.push(JSON.parse(line) as (typeof heard)[0]),
  );
  await eventually(() => (heard.some(({ word }) => word === 'open') ? undefined : 'nobody listens'));
  return { heard: () => heard };
}
