/** `status` on the command line. */
import type { Command } from 'commander';
import { examples, type Run } from '../run.ts';
import { status } from '../verbs/status.ts';

/** Adds it. */
export function statusVerb(program: Command, run: Run): void {
  const command = program
    .command('status')
    .description('Shows how RTCClusters and TurnServers are, their pods, and what is not as it should be.')
    .argument(
      '[name]',
      'only the RTCCluster or TurnServer of this name; rtccluster/NAME or turnserver/NAME for one of the two',
    )
    .option('-A, --all-namespaces', 'of all namespaces')
    .addHelpText(
      'after',
      `\nUSE is who takes part now / about how many the pods in DNS carry, by the scaling target that is nearest to its limit;
a guess from what they use just then, which moves with whatever else runs on their nodes while few take part.
SESSIONS and CALLS of single pods are asked of the operator when you name one, or when there are two at most; who may not ask it
reads why instead.\n${examples(
        'kubectl rtc status',
        'kubectl rtc status calls',
        'kubectl rtc status turnserver/edge',
        'kubectl rtc status -A -o json',
      )}`,
    );
  command.action(
    (name: string | undefined, { allNamespaces = false }: { readonly allNamespaces?: boolean }) =>
      run(command, (session, io) => status(session, io, { name, allNamespaces })),
  );
}
