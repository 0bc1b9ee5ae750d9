/** `completion` on the command line. It asks nobody. */
import { Argument, type Command } from 'commander';
import { scripts, shells } from '../completion/scripts.ts';
import type { Io } from '../io.ts';
import { examples } from '../run.ts';

/** Adds it. */
export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description(
      'Prints what a shell needs to complete kubectl-rtc; kubectl: the script that kubectl needs for kubectl rtc.',
    )
    .addArgument(new Argument('<shell>').choices(shells))
    .addHelpText(
      'after',
      examples(
        'source <(kubectl-rtc completion bash)',
        'kubectl-rtc completion kubectl > /usr/local/bin/kubectl_complete-rtc && chmod +x /usr/local/bin/kubectl_complete-rtc',
      ),
    )
    .action((shell: keyof typeof scripts) => io.out(scripts[shell]));
}
