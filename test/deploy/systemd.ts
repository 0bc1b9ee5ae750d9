/** A real systemd as process 1 of namespaces of its own, with one unit of the project in it. Needs root. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { workerBinary } from '../../sfu/worker/locate.ts';
import { ensurePackages } from '../setup/packages.ts';
import { run } from '../setup/run.ts';
import { eventually } from '../support/eventually.ts';

/** What the machine has. */
export interface MachineOptions {
  /** Text of `/etc/rtcd/config.toml`. */
  readonly config: string;
  /** Variables that win over it, as a drop-in. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A running machine. */
export interface Machine {
  systemctl(...args: readonly string[]): Promise<string>;
  /** Runs a command in it, as root. */
  run(command: string, ...args: readonly string[]): Promise<string>;
  /** What the unit printed so far. */
  log(): string;
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const installed = '/usr/local/lib/rtc-operator';
const unit = join(root, 'deploy/systemd/rtcd.service');

/** Starts the machine; the unit is in it but does not run yet. It shares the network of this one. */
export async function startMachine({ config, env = {} }: MachineOptions): Promise<Machine> {
  await ensurePackages(['systemd'], () => undefined);
  const dir = await mkdtemp(join(tmpdir(), 'rtc-systemd-'));
  chmodSync(dir, 0o755);
  for (const folder of ['machine', 'units/rtcd.service.d', 'etc/rtcd', 'out'])
    mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'units/rtcd.service'), readFileSync(unit));
  writeFileSync(join(dir, 'units/rtcd.service.d/test.conf'), dropIn(env));
  writeFileSync(join(dir, 'units/default.target'), '[Unit]\nDefaultDependencies=no\n');
  writeFileSync(join(dir, 'etc/rtcd/config.toml'), config);
  writeFileSync(join(dir, 'binds'), binds());
  const cgroup = await makeCgroup(basename(dir));
  const child = launch(dir, cgroup);
  const init = await processOne(child);
  const inside = async (command: string, ...args: readonly string[]): Promise<string> =>
    (await run('nsenter', ['--target', init, '--all', command, ...args])).stdout.trim();
  await eventually(async () => {
    const state = await inside('systemctl', 'is-active', 'default.target');
    return state === 'active' ? undefined : `default.target is ${state}`;
  });
  return {
    systemctl: (...args) => inside('systemctl', ...args),
    run: inside,
    log: () => (existsSync(join(dir, 'out/log')) ? readFileSync(join(dir, 'out/log'), 'utf8') : ''),
    stop: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
      await removeCgroup(cgroup);
      rmSync(dir, { recursive: true });
    },
  };
}

/** There is no journal in the machine, and ten seconds are long for a test. */
function dropIn(env: Readonly<Record<string, string>>): string {
  const lines = Object.entries(env).map(([name, value]) => `Environment="${name}=${value}"`);
  const output = ['StandardOutput=append:/out/log', 'StandardError=append:/out/log', 'RestartSec=1'];
  return ['[Service]', ...lines, ...output, ''].join('\n');
}

/** The checkout and the worker, where the unit has them. */
function binds(): string {
  const parts = ['sfu', 'node_modules', 'package.json', 'docs'];
  const lines = parts.map((part) => `${join(root, part)} ${join(installed, part)}`);
  // One that was built before its folder was opened to other users.
  chmodSync(dirname(workerBinary()), 0o755);
  return [...lines, `${dirname(workerBinary())} ${join(installed, 'media-worker')}`, ''].join('\n');
}

/** Dies with us: `setpriv` has the kernel see to it, and `unshare` takes everything inside along. */
function launch(dir: string, cgroup: string): ChildProcess {
  const namespaces = ['--fork', '--pid', '--kill-child=KILL', '--mount', '--uts', '--ipc', '--cgroup'];
  const enter = 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"';
  const script = join(import.meta.dirname, 'systemd.sh');
  const command = ['unshare', ...namespaces, 'sh', script, dir];
  return spawn('setpriv', ['--pdeathsig', 'KILL', 'sh', '-c', enter, 'sh', cgroup, ...command], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** PID, here, of the machine's first process. */
async function processOne(child: ChildProcess): Promise<string> {
  let pid = '';
  await eventually(() => {
    const file = `/proc/${child.pid}/task/${child.pid}/children`;
    pid = readFileSync(file, 'utf8').trim();
    const name = pid === '' ? 'nothing' : readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    return name === 'systemd' ? undefined : `systemd, there is ${name}`;
  });
  return pid;
}

async function makeCgroup(name: string): Promise<string> {
  const isUnified = existsSync('/sys/fs/cgroup/cgroup.controllers');
  const cgroup = join('/sys/fs/cgroup', isUnified ? '' : 'systemd', name);
  mkdirSync(cgroup);
  return Promise.resolve(cgroup);
}

async function removeCgroup(cgroup: string): Promise<void> {
  await eventually(async () => {
    await run('find', [cgroup, '-mindepth', '1', '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
    rmdirSync(cgroup);
    return undefined;
  });
}
