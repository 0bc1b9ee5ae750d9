/** `why` and `plan` on the command line. */
import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { plan, why } from '../verbs/look.ts';

/** Adds them. */
export function lookVerbs(program: Command, run: Run): void {
  addWhy(program, run);
  addPlan(program, run);
}

function addWhy(program: Command, run: Run): void {
  const command = program
    .command('why')
    .description(
      'Tells why an RTCCluster or TurnServer is as it is: the last decision, what it was made from, what changed before.',
    )
    .argument('[target]', 'name of the RTCCluster, or turnserver/NAME; without it the only RTCCluster')
    .argument('[pod]', 'only this pod')
    .addHelpText(
      'after',
      examples(
        'kubectl rtc why',
        'kubectl rtc why calls calls-sfu-1',
        'kubectl rtc why turnserver/edge',
        'kubectl rtc why calls -o json',
      ),
    );
  command.action((target?: string, pod?: string) =>
    run(command, (session, io) => why(session, io, { target, pod })),
  );
}

function addPlan(program: Command, run: Run): void {
  const command = program
    .command('plan')
    .description(
      'Tells what the operator is about to do, or with -f what it would do after an edit. Changes nothing.',
    )
    .argument(
      '[target]',
      'name of the RTCCluster, or turnserver/NAME; without it the one of -f, or the only RTCCluster',
    )
    .option(
      '-f, --filename <file>',
      'the RTCCluster or TurnServer as it is to be; - reads the standard input',
    )
    .addHelpText(
      'after',
      examples(
        'kubectl rtc plan calls',
        'kubectl rtc plan turnserver/edge',
        'kubectl rtc plan -f calls.yaml',
      ),
    );
  command.action((target: string | undefined, { filename: file }: { readonly filename?: string }) =>
    run(command, (session, io) => plan(session, io, { target, file })),
  );
}
