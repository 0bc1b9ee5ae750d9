/** The command line: every verb with its help. The one definition that help, completion and documentation come from. */
import { Command, CommanderError, Option } from 'commander';
import { withPod } from './inside.ts';
import { exitCodes, CliError, type Io } from './io.ts';
import type { AddVerbs, Run } from './run.ts';
import { completionLines } from './verbs/complete.ts';
import { openSession, sentenceOf, type GlobalOptions } from './session.ts';
import { addCompletion } from './commands/completion.ts';
import { doctorVerb } from './commands/doctor.ts';
import { editVerbs } from './commands/edits.ts';
import { lookVerbs } from './commands/look.ts';
import { measureVerbs } from './commands/measure.ts';
import { requestVerbs } from './commands/requests.ts';
import { rolloutVerbs } from './commands/rollout.ts';
import { statusVerb } from './commands/status.ts';

const groups: readonly AddVerbs[] = [
  statusVerb,
  lookVerbs,
  doctorVerb,
  requestVerbs,
  rolloutVerbs,
  editVerbs,
  measureVerbs,
];

/** The program; `finish` is told how it is to end. */
export function createProgram(io: Io, finish: (exitCode: number) => void): Command {
  const program = new Command('kubectl-rtc')
    .description('Looks after RTCClusters and TurnServers. As a plugin of kubectl: kubectl rtc VERB.')
    .addOption(new Option('-n, --namespace <name>', 'namespace; default: that of the context'))
    .addOption(new Option('--context <name>', 'context of the kubeconfig'))
    .addOption(
      new Option('--kubeconfig <file>', 'default: $KUBECONFIG, ~/.kube/config, the pod’s own account'),
    )
    .addOption(
      new Option('-o, --output <format>', 'how the answer is printed')
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(
      new Option('--operator-namespace <name>', 'where the operator is; default: found by its Lease').env(
        'RTC_OPERATOR_NAMESPACE',
      ),
    )
    .addOption(
      new Option('--operator-name <name>', 'name of its Lease')
        .env('RTC_OPERATOR_NAME')
        .default('rtc-operator'),
    )
    .addOption(
      new Option('--operator-url <url>', 'ask it here, past the API server, such as over a port-forward').env(
        'RTC_OPERATOR_URL',
      ),
    )
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: io.out, writeErr: io.err })
    .exitOverride()
    .showHelpAfterError('(kubectl rtc VERB --help tells more)');
  const run = runWith(io, finish);
  for (const add of groups) add(program, run);
  addCompletion(program, io);
  return program;
}

function runWith(io: Io, finish: (exitCode: number) => void): Run {
  return async (command, verb) => {
    const options = withPod(command.optsWithGlobals<GlobalOptions>(), io.env);
    const session = openSession(options);
    try {
      const { view, text, exitCode = exitCodes.ok } = await verb(session, io);
      io.out(`${options.output === 'json' ? JSON.stringify(view, null, 2) : text}\n`);
      finish(exitCode);
    } finally {
      await session.close();
    }
  };
}

/** Runs it with these words; resolves to the exit code, and never rejects. */
export async function runProgram(words: readonly string[], io: Io): Promise<number> {
  let exitCode: number = exitCodes.ok;
  const program = createProgram(io, (code) => (exitCode = code));
  try {
    if (words[0] === '__complete') {
      io.out(await completionLines(program, words.slice(1)));
      return exitCode;
    }
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    const failed = error instanceof CliError ? error.exitCode : exitCodes.failed;
    io.err(`${problemText(sentenceOf(error), failed, program.opts<GlobalOptions>())}\n`);
    return failed;
  }
}

/** Whoever asks for data gets the error as data. */
function problemText(error: string, exitCode: number, { output }: GlobalOptions): string {
  return output === 'json' ? JSON.stringify({ error, exitCode }) : error;
}
