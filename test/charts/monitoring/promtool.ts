/** Prometheus' own unit tests of alerts, from data. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertGroups } from '../../../charts/monitoring/alerts/groups.ts';
import { rulesFile } from '../../../charts/monitoring/rules.ts';
import { ensureUnpacked } from '../../setup/debianProgram.ts';

/** One alert at one time of a history, as promtool writes it: `1x60`, `0+10x60`. */
export interface AlertTest {
  readonly alert: string;
  readonly series: Readonly<Record<string, string>>;
  /** From one value to the next, and from one look at the rules to the next. Default 1. */
  readonly stepMinutes?: number;
  /** As `20m`. */
  readonly at: string;
  /** What fires then. */
  readonly expected: readonly {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** Runs promtool with these arguments in a folder with these files; what it says, and whether it was content. */
export async function promtool(
  files: Readonly<Record<string, string>>,
  ...args: readonly string[]
): Promise<{ readonly isContent: boolean; readonly said: string }> {
  const program = join(await ensureUnpacked('prometheus', () => undefined), 'usr/bin/promtool');
  const dir = await mkdtemp(join(tmpdir(), 'rtc-promtool-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    return await outcomeOf(program, args, dir);
  } finally {
    await rm(dir, { recursive: true });
  }
}

async function outcomeOf(
  program: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly isContent: boolean; readonly said: string }> {
  return new Promise((resolve) => {
    execFile(program, args, { cwd }, (error, stdout, stderr) =>
      resolve({ isContent: error === null, said: `${stdout}${stderr}` }),
    );
  });
}

/** Undefined when the alert does as expected, else promtool's words. */
export async function alertProblem(test: AlertTest): Promise<string | undefined> {
  const files = { 'alerts.yaml': rulesFile(alertGroups), 'test.yaml': testFile(test) };
  const { isContent, said } = await promtool(files, 'test', 'rules', 'test.yaml');
  return isContent ? undefined : said;
}

function testFile({ alert, series, stepMinutes = 1, at, expected }: AlertTest): string {
  const exp_alerts = expected.map(({ labels, annotations }) => ({
    exp_labels: labels,
    exp_annotations: annotations,
  }));
  return stringify({
    rule_files: ['alerts.yaml'],
    evaluation_interval: `${stepMinutes}m`,
    tests: [
      {
        interval: `${stepMinutes}m`,
        input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: at, alertname: alert, exp_alerts }],
      },
    ],
  });
}
