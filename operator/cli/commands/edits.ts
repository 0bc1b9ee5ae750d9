/** `reserve`, `pause`, `resume` and `turn ack` on the command line. */
import type { Command } from 'commander';
import { CliError, exitCodes, understood, type Io } from '../io.ts';
import { examples, type Run } from '../run.ts';
import { timeText } from '../text.ts';
import {
  listReservations,
  makeReservation,
  removeReservation,
  setPaused,
  turnAck,
  type ReserveOptions,
} from '../verbs/edits.ts';
import { timeMs } from '../views/durations.ts';

const clusterHelp = 'name of the RTCCluster; may be left out where there is only one';

/** Adds them. */
export function editVerbs(program: Command, run: Run): void {
  addReserve(program, run);
  addPause(program, run);
  addTurn(program, run);
}

interface ReserveGiven {
  readonly name?: string;
  readonly start?: string;
  readonly end?: string;
  readonly sessions?: string;
  readonly remove?: string;
}

function addReserve(program: Command, run: Run): void {
  const command = program
    .command('reserve')
    .description(
      'Keeps room for an event: pods are made ahead of it. Without options: lists what is reserved.',
    )
    .argument('[cluster]', clusterHelp)
    .option('--name <name>', 'of the reservation; one of the same name is replaced')
    .option('--start <time>', 'RFC 3339, or +30m from now')
    .option('--end <time>', 'the same')
    .option('--sessions <count>', 'people to have room for')
    .option('--remove <name>', 'take this reservation back')
    .addHelpText(
      'after',
      examples(
        'kubectl rtc reserve calls --name town-hall --start 2027-01-12T14:00:00Z --end 2027-01-12T16:00:00Z --sessions 1200',
        'kubectl rtc reserve calls --remove town-hall',
        'kubectl rtc reserve calls',
      ),
    );
  command.action((cluster: string | undefined, given: ReserveGiven) =>
    run(command, (session, io) => {
      if (given.remove !== undefined) {
        mustBeAlone(given);
        return removeReservation(session, cluster, given.remove);
      }
      const wanted = reservationOf(given, io);
      return wanted === undefined
        ? listReservations(session, cluster)
        : makeReservation(session, cluster, { ...wanted, nowMs: io.nowMs() });
    }),
  );
}

/** Who gives more than a name means to make one. */
function mustBeAlone(given: ReserveGiven): void {
  const others = Object.keys(given).filter((option) => option !== 'remove');
  if (others.length === 0) return;
  const named = others.map((option) => `--${option}`).join(', ');
  throw new CliError(`--remove takes a reservation back: leave out ${named}`, exitCodes.usage);
}

function reservationOf({ name, start, end, sessions }: ReserveGiven, io: Io): ReserveOptions | undefined {
  const given = { name, start, end, sessions };
  const lacks = Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [`--${option}`] : [],
  );
  if (lacks.length === Object.keys(given).length) return undefined;
  if (name === undefined || start === undefined || end === undefined || sessions === undefined)
    throw new CliError(`A reservation also needs ${lacks.join(', ')}`, exitCodes.usage);
  if (!/^[1-9]\d*$/.test(sessions))
    throw new CliError(
      `--sessions ${sessions} is no number of people: write a whole number, such as 200`,
      exitCodes.usage,
    );
  const time = (text: string, option: string): string =>
    timeText(understood(() => timeMs(text, io.nowMs()), option));
  return { name, start: time(start, '--start'), end: time(end, '--end'), sessions: Number(sessions) };
}

function addPause(program: Command, run: Run): void {
  const what =
    'CLUSTER, rtccluster/NAME or turnserver/NAME; may be left out where there is only one RTCCluster';
  const pause = program
    .command('pause')
    .description(
      'Keeps the operator from changing anything about an RTCCluster or a TurnServer. Calls go on.',
    )
    .argument('[what]', what)
    .option('--reason <text>', 'for whoever finds it paused', 'paused with kubectl rtc')
    .addHelpText(
      'after',
      examples('kubectl rtc pause calls --reason "looking into it"', 'kubectl rtc pause turnserver/edge'),
    );
  pause.action((name: string | undefined, { reason }: { readonly reason: string }) =>
    run(pause, (session) => setPaused(session, name, reason)),
  );
  const resume = program
    .command('resume')
    .description('Ends a pause.')
    .argument('[what]', what)
    .addHelpText('after', examples('kubectl rtc resume calls'));
  resume.action((name?: string) => run(resume, (session) => setPaused(session, name, null)));
}

function addTurn(program: Command, run: Run): void {
  const turn = program.command('turn').description('TURN servers.');
  const ack = turn
    .command('ack')
    .description(
      'Says that all who make TURN credentials have the new secret, also those that no pod here runs: the old one may be retired.',
    )
    .argument('<turnserver>', 'name of the TurnServer')
    .option(
      '--hash <hash>',
      'only if the secret in force has this hash, as the condition ConsumersAdopted tells it',
    )
    .addHelpText(
      'after',
      examples('kubectl rtc turn ack edge', 'kubectl rtc turn ack edge --hash a1b2c3d4e5f6'),
    );
  ack.action((name: string, { hash }: { readonly hash?: string }) =>
    run(ack, (session) => turnAck(session, name, hash)),
  );
}
