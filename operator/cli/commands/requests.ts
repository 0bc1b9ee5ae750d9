/** `drain`, `undrain`, `cordon` and `uncordon` on the command line. */
import type { Command } from 'commander';
import { CliError, exitCodes, understood, type Io } from '../io.ts';
import { examples, type Run } from '../run.ts';
import { request } from '../verbs/requests.ts';
import { durationMs, timeMs } from '../views/durations.ts';
import { asks, type Ask } from '../views/request.ts';

const descriptions: Readonly<Record<Ask['verb'], string>> = {
  drain:
    'Empties pods: they leave DNS, their calls go on until they end, then they are deleted and replaced. Holds until undrain.',
  undrain: 'Takes a drain that somebody asked for back: the pods serve again.',
  cordon:
    'Takes pods out of DNS and keeps them: no new calls, and nothing else happens to them. Holds until uncordon.',
  uncordon: 'Takes that back.',
};

interface Given {
  readonly node?: string;
  readonly wait?: boolean;
  readonly timeout?: string;
  readonly deadline?: string;
}

/** Adds them. */
export function requestVerbs(program: Command, run: Run): void {
  for (const ask of Object.values(asks)) add(program, run, ask);
}

function add(program: Command, run: Run, ask: Ask): void {
  const { verb } = ask;
  const command = program
    .command(verb)
    .description(descriptions[verb])
    .argument('[pods...]', 'SFU or TURN pods')
    .option('--node <name>', 'instead: all SFU and TURN pods of the namespace on this node')
    .option('--wait', 'wait until it is so, and tell what is still missing')
    .option('--timeout <duration>', 'of --wait, such as 30m; default: as long as it takes');
  if (verb === 'drain')
    command.option(
      '--deadline <time>',
      'when pods go with the calls they still have: +30m or RFC 3339; default: as the spec says',
    );
  command.addHelpText(
    'after',
    examples(
      `kubectl rtc ${verb} calls-sfu-1`,
      `kubectl rtc ${verb} --node media-3 --wait --timeout 2h`,
      ...(verb === 'drain' ? ['kubectl rtc drain calls-sfu-1 --deadline +30m'] : []),
    ),
  );
  command.action((pods: readonly string[], given: Given) =>
    run(command, (session, io) => request(session, io, { ask, ...optionsOf(pods, given, io) })),
  );
}

function optionsOf(
  pods: readonly string[],
  { node, wait = false, timeout, deadline }: Given,
  io: Io,
): Omit<Parameters<typeof request>[2], 'ask'> {
  if (timeout !== undefined && !wait)
    throw new CliError('--timeout is of --wait: add --wait, or leave --timeout out', exitCodes.usage);
  return {
    ...{ pods, node, wait },
    timeoutMs: timeout === undefined ? undefined : understood(() => durationMs(timeout), '--timeout'),
    deadlineMs: deadline === undefined ? undefined : understood(() => futureMs(deadline, io), '--deadline'),
  };
}

/** A slip in the date must not end all calls at once. */
function futureMs(text: string, { nowMs }: Io): number {
  const ms = timeMs(text, nowMs());
  if (ms > nowMs()) return ms;
  throw new RangeError(`${text} is past: the calls of the pod would end at once`);
}
