/** Where the time of a server goes in a call of fifty: perf(1) looks at all its processes while nobody comes or goes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ServerKind } from '../../contract/quirk.ts';
import type { Program } from '../../contract/server.ts';
import { run } from '../../setup/run.ts';
import { eventually } from '../../support/eventually.ts';
import { playBeside } from '../onGenerator.ts';
import { scenarios } from '../scenarios.ts';
import type { Target } from '../target.ts';
import { pidsBelow } from '../tree.ts';
import { type Part, partsOf } from './shares.ts';

/** Of one server. */
export interface Profile {
  readonly scenario: string;
  /** What a packet cost in the same run, perf's own cost with it. */
  readonly cpuPerPacketUs: number;
  readonly parts: readonly Part[];
}

const scenario = scenarios.find(({ name }) => name === '1x50-u2')!;
const samplesPerSecond = 2_000;
const [watchSeconds, phases] = [8, { settleSeconds: 1, windowSeconds: 14, afterSeconds: 0 }] as const;

/** Rejects where there is no perf(1), or it may not look. */
export async function profileOf(kind: ServerKind, program: Program): Promise<Profile> {
  await run('perf', ['--version']).catch((cause: unknown) => {
    throw new Error('Error: perf(1) is not there: Debian has it in the package linux-perf', { cause });
  });
  const { result, beside } = await playBeside(program, { scenario, phases }, async (target) => {
    await everybodyIsThere(target);
    return await watch(pidsBelow(String(target.pid)));
  });
  return {
    scenario: scenario.name,
    cpuPerPacketUs: result.cpuPerPacketUs,
    parts: partsOf(kind, beside),
  };
}

/** As the metric says it that both servers have. */
async function everybodyIsThere({ url }: Target): Promise<void> {
  const wanted = scenario.calls * scenario.peoplePerCall;
  await eventually(
    async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      const found = [...text.matchAll(/^rtcd_rtc_sessions_total\S* (\d+)/gm)];
      const sessions = found.reduce((sum, [, value]) => sum + Number(value), 0);
      return sessions >= wanted ? undefined : `${sessions} of ${wanted} sessions`;
    },
    { timeoutMs: 60_000, intervalMs: 200 },
  );
}

/** perf's report, by thread and file. */
async function watch(pids: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rtc-profile-'));
  const data = join(folder, 'perf.data');
  try {
    const record = ['record', '-q', '-F', String(samplesPerSecond), '-o', data, '-p', pids.join(',')];
    await run('perf', [...record, '--', 'sleep', String(watchSeconds)]);
    const { stdout } = await run('perf', [
      'report',
      '-i',
      data,
      '--stdio',
      '-g',
      'none',
      '--sort',
      'comm,dso',
    ]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
