/** The two servers, each on a core of its own, quiet, and configured alike. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { workerBinary } from '../../sfu/worker/locate.ts';
import { eventually } from '../support/eventually.ts';
import { launchServer, type Program, programOf } from '../contract/server.ts';
import type { ServerKind } from '../contract/quirk.ts';
import type { Say } from '../setup/progress.ts';
import { bundleSfu, sfuNodeFlags } from '../support/sfuProgram.ts';
import type { Target } from './target.ts';

/** A server that is being measured. */
export interface MeasuredServer {
  readonly target: Target;
  readonly stop: () => Promise<void>;
}

/** Which core what runs on: on two there is one for each. */
export const cores = { server: 0, generator: 1 } as const;

/** `command`, which may use one core alone (taskset(1)). */
export const onCore = (core: number, command: readonly string[]): readonly string[] => [
  'taskset',
  '-c',
  String(core),
  ...command,
];

/** A program that runs on the server's core: ours as its image runs it. */
export async function measuredProgram(kind: ServerKind, say: Say): Promise<Program> {
  const program = await programOf(kind, say);
  const command = kind === 'ours' ? await commandOfImage() : program.command;
  return { ...program, command: onCore(cores.server, command) };
}

async function commandOfImage(): Promise<readonly string[]> {
  const bundle = await bundleSfu(await mkdtemp(join(tmpdir(), 'rtc-bench-')));
  const worker = `MEDIASOUP_WORKER_BIN=${workerBinary()}`;
  return ['env', worker, process.execPath, ...(await sfuNodeFlags()), bundle];
}

/** Starts one and waits until it answers. */
export async function startMeasured(program: Program): Promise<MeasuredServer> {
  const server = await launchServer(program, {
    env: {
      RTCD_LOGGER_CONSOLELEVEL: 'ERROR',
      RTCD_RTC_UDPSOCKETSCOUNT: '', // rtcd's own default: a hundred for each core.
    },
  });
  await eventually(
    async () => ((await fetch(`${server.url}/version`)).ok ? undefined : `${program.kind} to answer`),
    { timeoutMs: 60_000 },
  ).catch(async (error: unknown) => {
    await server.stop();
    throw new Error(`${program.kind} did not start:\n${server.log()}`, { cause: error });
  });
  const { url, wsUrl, adminKey, mediaPort, pid } = server;
  return { target: { url, wsUrl, adminKey, mediaPort, pid }, stop: server.stop };
}
