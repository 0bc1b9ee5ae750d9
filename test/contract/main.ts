/**
 * `npm run conformance -- --server=rtcd|ours`: every scenario on that server; the last line is
 * `N passed, N failed`. A whole run is kept in `docs/evidence/conformance/` and drawn into `docs/conformance.md`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';

import { startProgress } from '../setup/progress.ts';
import { drawConformance, keepRun } from './record.ts';
import { countsOf, inOrder, type Result } from './results.ts';
import { runGroups } from './run.ts';
import { type ServerKind, serverKinds } from './quirk.ts';
import type { Group, Scenario } from './scenario.ts';
import { groups as allGroups } from './scenarios/index.ts';
import { programOf } from './server.ts';

const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'ours' },
    /** Leaves the slow ones out. */
    short: { type: 'boolean', default: false },
    /** Only scenarios whose name or group contains this text. */
    only: { type: 'string', default: '' },
    /** Writes the results as JSON to this file too. */
    report: { type: 'string', default: '' },
  },
});

/** Ends with 1 when anything failed, and with 2 when the command line is wrong. */
async function main(): Promise<number> {
  const kind = serverKinds.find((one) => one === values.server);
  if (kind === undefined) {
    process.stderr.write(`--server=${values.server}: it is one of ${serverKinds.join(', ')}\n`);
    return 2;
  }
  const groups = chosen();
  const names = groups.flatMap(({ scenarios }) => scenarios.map(({ name }) => name));
  const say = startProgress();
  const startedMs = performance.now();
  const results: Result[] = [];
  const program = await programOf(kind, say);
  say(`${names.length} scenarios on ${kind}`);
  await runGroups(groups, {
    program,
    onResult: (result) => {
      results.push(result);
      say(`${result.failure === undefined ? 'passed' : 'FAILED'} ${result.group}: ${result.name}`);
      if (result.failure !== undefined) process.stdout.write(`${indent(result.failure)}\n`);
    },
  });
  await keep(kind, inOrder(results, names), (performance.now() - startedMs) / 1000);
  const { passed, failed } = countsOf(results);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

function chosen(): readonly Group[] {
  const isChosen = (group: Group, { name, isSlow }: Scenario): boolean =>
    !(values.short && isSlow === true) && `${group.name}: ${name}`.includes(values.only);
  return allGroups
    .map((group) => ({ ...group, scenarios: group.scenarios.filter((one) => isChosen(group, one)) }))
    .filter(({ scenarios }) => scenarios.length > 0);
}

/** Only a whole run is evidence. */
async function keep(kind: ServerKind, results: readonly Result[], seconds: number): Promise<void> {
  if (values.report !== '') {
    await mkdir(dirname(values.report), { recursive: true });
    await writeFile(values.report, JSON.stringify(results));
  }
  if (values.short || values.only !== '') return;
  await keepRun({ server: kind, command: `npm run conformance -- --server=${kind}`, seconds, results });
  await drawConformance();
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

// An interrupted run ends as others do: what it started is killed.
process.setMaxListeners(0);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
// Peers' threads would keep the process.
process.exit(await main());
