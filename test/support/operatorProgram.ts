/** The operator as a process of its own: the bundle that its image holds, which can be killed at any moment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/** The bundle. */
export interface OperatorProgram {
  start(options: StartOptions): OperatorProcess;
  /** Removes the bundle. */
  remove(): Promise<void>;
}

/** How a process is started. */
export interface StartOptions {
  readonly kubeconfig: string;
  /** Flags without the dashes. */
  readonly settings: Readonly<Record<string, string>>;
  /** As in a container with this limit: Node gives half of it to old objects. Default: none, and it takes what the machine has. */
  readonly memoryLimitMiB?: number;
  /** Each line that it logs. */
  readonly onLine?: (line: string) => void;
}

/** A process. */
export interface OperatorProcess {
  readonly pid: number;
  /** Where its metrics are, once it has said so. */
  readonly metricsPort: Promise<number>;
  /** SIGKILL: nothing more is sent. */
  kill(): void;
  /** Its exit code; undefined when a signal ended it. */
  readonly ended: Promise<number | undefined>;
  /** SIGTERM, until it has ended. */
  stop(): Promise<void>;
}

const entry = join(import.meta.dirname, '../../operator/main.ts');
const dockerfile = join(import.meta.dirname, '../../Dockerfile.operator');

/** As `Dockerfile.operator` makes it. */
export async function buildOperator(): Promise<OperatorProgram> {
  const dir = await mkdtemp(join(tmpdir(), 'rtc-operator-'));
  const outfile = join(dir, 'main.mjs');
  const banner = {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  };
  await build({
    ...{ entryPoints: [entry], bundle: true, outfile, banner },
    ...{ platform: 'node', format: 'esm', target: 'node24', logLevel: 'silent' },
  });
  const nodeFlags = await nodeFlagsOfImage();
  return {
    start: (options) => startProcess([...nodeFlags, ...limitFlags(options), outfile], options),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What the image starts Node with. */
async function nodeFlagsOfImage(): Promise<readonly string[]> {
  const [, list = '[]'] = /^ENTRYPOINT (.*)$/m.exec(await readFile(dockerfile, 'utf8')) ?? [];
  return (JSON.parse(list) as string[]).filter((word) => word.startsWith('--'));
}

function limitFlags({ memoryLimitMiB }: StartOptions): readonly string[] {
  return memoryLimitMiB === undefined ? [] : [`--max-old-space-size=${Math.floor(memoryLimitMiB / 2)}`];
}

function startProcess(
  program: readonly string[],
  { kubeconfig, settings, onLine }: StartOptions,
): OperatorProcess {
  const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  // A test that is killed cannot end it: `setpriv` has the kernel see to that, and becomes the program itself.
  const command = ['--pdeathsig', 'KILL', process.execPath, ...program, '--metrics-port=0', ...flags];
  const child = spawn('setpriv', command, {
    env: { ...process.env, NODE_OPTIONS: '', KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise: metricsPort, resolve } = Promise.withResolvers<number>();
  createInterface(child.stdout).on('line', (line) => {
    const { msg, port } = JSON.parse(line) as { readonly msg?: string; readonly port?: number };
    if (msg === 'Started' && port !== undefined) resolve(port);
    onLine?.(line);
  });
  const ended = once(child, 'exit').then(([code]) => (code as number | null) ?? undefined);
  return {
    pid: child.pid ?? 0,
    metricsPort,
    ended,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
