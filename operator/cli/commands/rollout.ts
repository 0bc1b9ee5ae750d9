/** `rollout` on the command line. */
import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { rolloutStatus, setRolloutPaused, undo } from '../verbs/edits.ts';

const clusterHelp = 'name of the RTCCluster; may be left out where there is only one';

/** Adds it. */
export function rolloutVerbs(program: Command, run: Run): void {
  const rollout = program.command('rollout').description('Updates of the SFU pods.');
  const status = rollout
    .command('status')
    .description('Tells where an update stands, and which revisions are remembered.')
    .argument('[cluster]', clusterHelp)
    .addHelpText('after', examples('kubectl rtc rollout status calls'));
  status.action((cluster?: string) => run(status, (session) => rolloutStatus(session, cluster)));
  const pause = rollout
    .command('pause')
    .description('Begins no further replacement; a drain that has begun goes on (spec.update.paused).')
    .argument('[cluster]', clusterHelp)
    .addHelpText('after', examples('kubectl rtc rollout pause calls'));
  pause.action((cluster?: string) => run(pause, (session) => setRolloutPaused(session, cluster, true)));
  const resume = rollout
    .command('resume')
    .description('Goes on with it.')
    .argument('[cluster]', clusterHelp)
    .addHelpText('after', examples('kubectl rtc rollout resume calls'));
  resume.action((cluster?: string) => run(resume, (session) => setRolloutPaused(session, cluster, false)));
  const back = rollout
    .command('undo')
    .description(
      'Writes the last good revision, or a named one, back into the spec; what makes no revision stays.',
    )
    .argument('[cluster]', clusterHelp)
    .option('--to-revision <revision>', 'one that rollout status lists')
    .addHelpText(
      'after',
      examples('kubectl rtc rollout undo calls', 'kubectl rtc rollout undo calls --to-revision 5d9f01ab'),
    );
  back.action((cluster: string | undefined, { toRevision }: { readonly toRevision?: string }) =>
    run(back, (session) => undo(session, cluster, toRevision)),
  );
}
