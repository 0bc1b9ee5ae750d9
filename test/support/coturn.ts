/** A real coturn as the pods run it, on this machine: its root file system, its user, nothing it may write but one folder. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TurnClient } from '../../operator/facts/turn/client.ts';
import { eventually } from './eventually.ts';

/** nobody, as in the pods. */
export const coturnUser = 65_534;

/** A folder as the pod's volumes: `run` is coturn's and the agent's, `etc` what is mounted. */
export interface TurnFolders {
  readonly base: string;
  readonly run: string;
  readonly etc: string;
}

/** Made below /tmp, whose name both see; removed by whoever made it. */
export async function turnFolders(): Promise<TurnFolders> {
  const base = await mkdtemp('/tmp/rtc-turn-');
  const folders = { base, run: join(base, 'run'), etc: join(base, 'etc') };
  await mkdir(folders.run);
  for (const name of ['secrets', 'peers', 'tls', 'config', 'pod'])
    await mkdir(join(folders.etc, name), { recursive: true });
  for (const folder of [base, folders.run]) await chown(folder, coturnUser, coturnUser);
  return folders;
}

/** Mounts that only this process sees, and that go with it. */
const inRoot = `
root=$1; base=$2; shift 2
mount -t tmpfs none "$root/tmp"
mkdir -p "$root$base"
mount --bind "$base" "$root$base"
mount --rbind /dev "$root/dev"
exec chroot --userspec=${coturnUser}:${coturnUser} "$root" "$@"
`;

/** How to start one. */
export interface CoturnOptions {
  /** What `ensureCoturn` gave. */
  readonly root: string;
  readonly folders: TurnFolders;
  /** Default: what is in `run/turnserver.conf` already. */
  readonly conf?: string;
  /** Process in whose network it runs. Default: ours. */
  readonly network?: number;
}

/** A running one. */
export interface Coturn {
  readonly pid: number;
  /** All that it has said. */
  log(): string;
  /** Resolves to the exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
  signal(name: NodeJS.Signals): void;
  /** Kills it and waits. */
  stop(): Promise<void>;
}

/** Starts it; whoever wants to speak to it waits with `answers`. */
export async function startCoturn({ root, folders, conf, network }: CoturnOptions): Promise<Coturn> {
  const file = join(folders.run, 'turnserver.conf');
  if (conf !== undefined) await writeFile(file, conf);
  const args = ['--mount', 'sh', '-ec', inRoot, 'coturn', root, folders.base, 'turnserver', '-c', file];
  const inside = network === undefined ? [] : ['nsenter', `--net=/proc/${network}/ns/net`];
  const [program = '', ...rest] = [...inside, 'unshare', ...args];
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const ended = endOf(child);
  return {
    pid: child.pid ?? 0,
    log: () => log,
    ended,
    signal: (name) => void child.kill(name),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function endOf(child: ChildProcess): Promise<number | string> {
  await once(child, 'close');
  return child.exitCode ?? child.signalCode ?? 'unknown';
}

/** Waits until the one on this port answers a Binding request. */
export async function answers(port: number, host = '127.0.0.1'): Promise<void> {
  await eventually(async () => {
    const server = { host, port, transport: 'udp' } as const;
    const client = await TurnClient.open({ server, timeoutMs: 300 });
    await client.binding().finally(() => client.close());
    return undefined;
  });
}

/** Removes what `turnFolders` made. */
export async function removeFolders({ base }: TurnFolders): Promise<void> {
  await rm(base, { recursive: true, force: true });
}
