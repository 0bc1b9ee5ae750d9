/** A TURN pod without Kubernetes: the real agent and a real coturn, as one user, over files that a test writes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { AgentStatus } from '../../operator/agent/agent.ts';
import { agentSettings, type AgentSettings } from '../../operator/desired/turn/settings.ts';
import { basic } from '../../operator/facts/client.ts';
import type { ServerAddress } from '../../operator/facts/turn/transport.ts';
import {
  type Coturn,
  coturnUser,
  startCoturn,
  type TurnFolders,
  turnFolders,
  removeFolders,
} from './coturn.ts';
import { eventually } from './eventually.ts';
import { freePort } from './ports.ts';
import { aTurnServer } from './turnservers.ts';

const root = join(import.meta.dirname, '../..');

/** Of every pod of tests. */
export const adminKey = 'admin-key-of-the-test';

/** Relay ports that a pod of a test has. */
const relayPorts = 200;

/** What a pod is made with. */
export interface TurnPodOptions {
  /** What `ensureCoturn` gave. */
  readonly coturnRoot: string;
  /** Of the TurnServer, beside ports. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly settings?: Partial<AgentSettings>;
  /** Default 127.0.0.1; with more of them, comma list, the first is where the agent listens. */
  readonly host?: string;
  /** Default: the same. */
  readonly address?: string;
  readonly secret?: string;
  readonly peers?: readonly string[];
  /** Whether `tls.crt` and `tls.key` will be there. */
  readonly hasTls?: boolean;
}

/** A started one. */
export interface TurnPod {
  readonly folders: TurnFolders;
  readonly settings: AgentSettings;
  readonly server: ServerAddress;
  coturn: Coturn;
  /** Writes a mounted file as the kubelet does: at once. */
  mount(file: string, content: string | Buffer): Promise<void>;
  status(): Promise<AgentStatus & { readonly allocations: number | null }>;
  ask(path: string, method?: 'GET' | 'POST', key?: string): Promise<{ status: number; text: string }>;
  agentLog(): string;
  stopAgent(): Promise<void>;
  startAgent(): void;
  stop(): Promise<void>;
}

/** Binds what only this process sees: the user of coturn cannot walk to a checkout. */
const asUser = `
mount --bind "$1" "$2/node"
exec setpriv --reuid ${coturnUser} --regid ${coturnUser} --clear-groups "$2/node" "$2/agent.mjs"
`;

/** Starts the agent, and coturn as soon as it may; resolves when both are ready, or rejects with what is missing. */
export async function startTurnPod(options: TurnPodOptions): Promise<TurnPod> {
  const { host: hosts = '127.0.0.1', secret = 'north' } = options;
  const [host = ''] = hosts.split(',');
  const folders = await turnFolders();
  const settings = await settingsFor(options);
  const mount = mountInto(folders);
  await mount('config/agent.json', JSON.stringify(settings));
  await mount('pod/address', options.address ?? hosts);
  await mount('peers/peers', (options.peers ?? []).map((peer) => `${peer}\n`).join(''));
  if (secret !== '') await mount('secrets/secret', secret);
  await bundleInto(folders.base);
  const agentPort = await freePort();
  const ask = asking(`http://${host.includes(':') ? `[${host}]` : host}:${agentPort}`);
  const agent = agentIn(folders, { POD_IPS: hosts, RTC_TURN_AGENT_PORT: String(agentPort) });
  agent.start();
  const pod: TurnPod = {
    ...{ folders, settings, mount, ask },
    server: { host, port: settings.ports.udp ?? 0, transport: 'udp' },
    coturn: undefined as unknown as Coturn,
    status: async () => JSON.parse((await ask('/status')).text) as Awaited<ReturnType<TurnPod['status']>>,
    agentLog: agent.log,
    startAgent: agent.start,
    stopAgent: agent.stop,
    stop: async () => {
      await agent.stop();
      await (pod.coturn as Coturn | undefined)?.stop();
      await removeFolders(folders);
    },
  };
  if (options.hasTls !== true) await run(pod, options.coturnRoot);
  return pod;
}

/** Starts coturn once the agent says that it may, and waits until clients are served. */
export async function run(pod: TurnPod, coturnRoot: string): Promise<void> {
  try {
    await eventually(() => isOk(pod, '/startupz'));
    pod.coturn = await startCoturn({ root: coturnRoot, folders: pod.folders });
    await eventually(() => isOk(pod, '/readyz'));
  } catch (error) {
    const coturnLog = (pod.coturn as Coturn | undefined)?.log() ?? '';
    await pod.stop();
    throw new Error(`${(error as Error).message}\n${pod.agentLog()}\n${coturnLog}`, { cause: error });
  }
}

async function isOk(pod: TurnPod, path: string): Promise<string | undefined> {
  const { status, text } = await pod.ask(path);
  return status === 200 ? undefined : text;
}

async function settingsFor({ spec, settings, hasTls = false }: TurnPodOptions): Promise<AgentSettings> {
  const first = await freePort({ count: relayPorts + 3 });
  const tls = hasTls ? { ports: { udp: first, tcp: first, tls: first + 1 } } : {};
  const server = aTurnServer({ realm: 'example.com', ...spec });
  return {
    ...agentSettings(server),
    ports: { udp: first, tcp: first },
    relayPorts: { min: first + 3, max: first + 2 + relayPorts },
    exporterPort: first + 2,
    ...tls,
    ...settings,
  };
}

function mountInto({ etc }: TurnFolders): TurnPod['mount'] {
  return async (file, content) => {
    const path = join(etc, file);
    await writeFile(`${path}.new`, content);
    await chown(`${path}.new`, coturnUser, coturnUser);
    await chmod(`${path}.new`, 0o440);
    await rename(`${path}.new`, path);
  };
}

async function bundleInto(folder: string): Promise<void> {
  const outfile = join(folder, 'agent.mjs');
  const banner = {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  };
  const form = { bundle: true, platform: 'node', format: 'esm', logLevel: 'error' } as const;
  await build({ entryPoints: [join(root, 'operator/agent/main.ts')], outfile, banner, ...form });
  await writeFile(join(folder, 'node'), '');
}

interface AgentProcess {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
  readonly log: () => string;
}

function agentIn({ base, etc, run: runFolder }: TurnFolders, env: Record<string, string>): AgentProcess {
  let log = '';
  let child: ReturnType<typeof spawn> | undefined;
  return {
    log: () => log,
    start: () => {
      const args = ['--mount', 'sh', '-ec', asUser, 'agent', process.execPath, base];
      const own = {
        RTC_TURN_ETC: etc,
        RTC_TURN_RUN: runFolder,
        RTC_TURN_ADMIN_KEY: adminKey,
        RTC_TURN_PERIOD_MS: '250',
      };
      child = spawn('unshare', args, { env: { ...process.env, NODE_OPTIONS: '', ...own, ...env } });
      for (const stream of [child.stdout, child.stderr])
        stream?.setEncoding('utf8').on('data', (text: string) => (log += text));
    },
    stop: async () => {
      if (child === undefined || child.exitCode !== null) return;
      const ended = once(child, 'close');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function asking(origin: string): TurnPod['ask'] {
  return async (path, method = 'GET', key = adminKey) => {
    const response = await fetch(`${origin}${path}`, { method, headers: { authorization: basic(key) } });
    return { status: response.status, text: (await response.text()).trim() };
  };
}

/** All that the two have written to their logs. */
export async function everyLog(pod: TurnPod): Promise<string> {
  const conf = await readFile(join(pod.folders.run, 'turnserver.conf'), 'utf8');
  return [pod.agentLog(), pod.coturn.log(), conf].join('\n');
}
