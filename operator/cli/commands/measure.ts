/** `call-test`, `sizing` and `report` on the command line. */
import type { Command } from 'commander';
import { CliError, exitCodes, understood } from '../io.ts';
import { examples, type Run } from '../run.ts';
import { callTest, sizing } from '../verbs/measure.ts';
import { report } from '../verbs/report.ts';

/** Adds them. */
export function measureVerbs(program: Command, run: Run): void {
  addCallTest(program, run);
  addSizing(program, run);
  addReport(program, run);
}

function addCallTest(program: Command, run: Run): void {
  const command = program
    .command('call-test')
    .description(
      'Shows what the last probe call to each pod found: time to join, loss, path. The operator places them all the time; see docs/probes.md. Ends with 3 when one failed.',
    )
    .argument('[cluster]', 'name of the RTCCluster; may be left out where there is only one')
    .argument('[pod]', 'only this pod')
    .addHelpText(
      'after',
      examples('kubectl rtc call-test', 'kubectl rtc call-test calls calls-sfu-1 -o json'),
    );
  command.action((cluster?: string, pod?: string) =>
    run(command, (session, io) => callTest(session, io, { cluster, pod })),
  );
}

interface SizingGiven extends Readonly<
  Record<'people' | 'calls' | 'unmuted' | 'screens' | 'webcams', string>
> {
  readonly workers: string;
  readonly loadPercent: string;
  readonly headroomPercent: string;
  readonly largest?: string;
  readonly like?: string;
}

function addSizing(program: Command, run: Run): void {
  const command = program
    .command('sizing')
    .description(
      'Tells how many pods and nodes so many people need at the busiest moment, by the prices that scaling decides with.',
    )
    .requiredOption('--people <count>', 'in calls at the same time, over all calls')
    .requiredOption('--calls <count>', 'at the same time')
    .option('--unmuted <count>', 'in each call at the same time', '2')
    .option('--screens <count>', 'shared at the same time, over all calls', '0')
    .option('--webcams <count>', 'the same', '0')
    .option('--largest <count>', 'people in the largest call; default: all calls are equal')
    .option('--workers <count>', 'cores of the media workers of a pod (engine.workers)', '1')
    .option('--load-percent <percent>', 'of these that are to be used (scaling.target.loadPercent)', '70')
    .option('--headroom-percent <percent>', 'kept free on top (scaling.headroom.percent)', '20')
    .option('--like <cluster>', 'with the prices that this RTCCluster has learnt on its machines')
    .addHelpText(
      'after',
      examples(
        'kubectl rtc sizing --people 400 --calls 40 --screens 10',
        'kubectl rtc sizing --people 1200 --calls 1 --unmuted 5 --screens 1 --workers 4 --like calls',
      ),
    );
  command.action((given: SizingGiven) =>
    run(command, (session) =>
      sizing(
        session,
        understood(() => ({
          people: count(given, 'people', 1),
          calls: count(given, 'calls', 1),
          unmuted: count(given, 'unmuted', 0),
          screens: count(given, 'screens', 0),
          webcams: count(given, 'webcams', 0),
          workers: count(given, 'workers', 1),
          loadPercent: count(given, 'loadPercent', 1),
          headroomPercent: count(given, 'headroomPercent', 0),
          ...(given.largest !== undefined && { largest: count(given, 'largest', 1) }),
        })),
        given.like,
      ),
    ),
  );
}

function count(given: SizingGiven, name: keyof SizingGiven, least: number): number {
  const value = Number(given[name]);
  if (Number.isInteger(value) && value >= least) return value;
  const option = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CliError(
    `--${option} ${given[name] ?? ''} must be a whole number of at least ${least}`,
    exitCodes.usage,
  );
}

interface ReportGiven {
  readonly name?: string;
  readonly maskAddresses?: boolean;
}

function addReport(program: Command, run: Run): void {
  const command = program
    .command('report')
    .description(
      'Writes an archive for support: objects, events, conditions, records and logs of the last hour. Values of Secrets are in none of it.',
    )
    .option('--name <name>', 'of the archive, without .tar.gz; default: by the time')
    .option('--mask-addresses', 'replace IP addresses, the same one by the same name everywhere')
    .addHelpText(
      'after',
      examples('kubectl rtc report', 'kubectl rtc report --mask-addresses --name for-support'),
    );
  command.action(({ name, maskAddresses = false }: ReportGiven) =>
    run(command, (session, io) => report(session, io, { name, masksAddresses: maskAddresses })),
  );
}
