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
  /** Of Node, before the program, e.g. `--inspect=127.0.0.1:9229`. Default: those of the image alone. */
  readonly nodeFlags?: readonly string[];
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
  return operatorIn(dir, outfile);
}

/** A bundle that is there already, in a folder that goes with it. */
export async function operatorIn(dir: string, bundle: string): Promise<OperatorProgram> {
  const { nodeFlags, environment } = await startOfImage();
  return {
    start: (options) =>
      startProcess(
        {
          words: [...nodeFlags, ...(options.nodeFlags ?? []), ...limitFlags(options), bundle],
          environment,
        },
        options,
      ),
    remove: () => rm(dir, { recursive: true, force: true }),
  };
}

/** What is started, and with which variables. */
interface Program {
  readonly words: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** What the image starts Node with. */
async function startOfImage(): Promise<Omit<Program, 'words'> & { readonly nodeFlags: readonly string[] }> {
  const text = await readFile(dockerfile, 'utf8');
  const [, list = '[]'] = /^ENTRYPOINT (.*)$/m.exec(text) ?? [];
  const pairs = [...text.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.split(' '));
  return {
    nodeFlags: (JSON.parse(list) as string[]).filter((word) => word.startsWith('--')),
    environment: Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string])),
  };
}

function limitFlags({ memoryLimitMiB }: StartOptions): readonly string[] {
  return memoryLimitMiB === undefined ? [] : [`--max-old-space-size=${Math.floor(memoryLimitMiB / 2)}`];
}

function startProcess(
  { words, environment }: Program,
  { kubeconfig, settings, onLine }: StartOptions,
): OperatorProcess {
  const flags = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
  // A test that is killed cannot end it: `setpriv` has the kernel see to that, and becomes the program itself.
  const command = ['--pdeathsig', 'KILL', process.execPath, ...words, '--metrics-port=0', ...flags];
  const child = spawn('setpriv', command, {
    // By the environment, where an earlier version does not mind what it does not know.
    env: {
      ...{ ...process.env, ...environment, NODE_OPTIONS: '' },
      ...{ KUBECONFIG: kubeconfig, RTC_OPERATOR_RECORDS_PORT: '0' },
    },
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
