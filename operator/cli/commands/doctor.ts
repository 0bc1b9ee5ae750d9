/** `doctor` on the command line. */
import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { doctor } from '../verbs/doctor.ts';

/** Adds it. */
export function doctorVerb(program: Command, run: Run): void {
  const command = program
    .command('doctor')
    .description(
      'Looks for what is wrong and names the fix: operator, definitions, conditions, media, addresses, CPU, versions, DNS, credentials, TURN, network. Ends with 3 when something fails.',
    )
    .argument('[cluster]', 'name of the RTCCluster; may be left out where there is only one')
    .addHelpText('after', examples('kubectl rtc doctor', 'kubectl rtc doctor calls -o json'));
  command.action((cluster?: string) => run(command, (session, io) => doctor(session, io, { cluster })));
}
