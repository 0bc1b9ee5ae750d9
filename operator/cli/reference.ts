/** The page about `kubectl rtc`, from the definition of its verbs: `docs/kubectl-rtc.md`. */
import type { Command } from 'commander';
import { exitCodeHelp, exitCodes, type Io } from './io.ts';
import { createProgram } from './program.ts';

const silent: Io = {
  ...{ out: () => undefined, err: () => undefined, isTerminal: false, env: {} },
  ...{ nowMs: () => 0, sleep: () => Promise.resolve() },
};

const introduction = `# kubectl rtc

A plugin of kubectl for whoever looks after RTCClusters and TurnServers. It reads and writes only through the API server,
with your own kubeconfig and rights. What it writes are the annotations and fields that [drains.md](drains.md),
[updates.md](updates.md), [autoscaling.md](autoscaling.md), [operator.md](operator.md) and [turn.md](turn.md) tell of; all of it
can be done with kubectl alone. Written by \`node operator/generate.ts\` from \`operator/cli/commands/\`.

## Getting it

\`make kubectl-rtc\` makes \`dist/kubectl-rtc\`, one file that runs with Node 22.19 or newer. Put it into the PATH; \`kubectl rtc\` and
\`kubectl-rtc\` are the same then. The image of the operator has it, too:

    kubectl exec -n rtc-system deploy/rtc-operator -- node /app/kubectl-rtc.mjs doctor -n mattermost

There it has the rights of the operator, which are few, and finds the replica that leads by itself;
where a NetworkPolicy keeps pods from each other it says in which pod to type it.
For completion of \`kubectl rtc\`, kubectl wants an executable beside it:

    kubectl-rtc completion kubectl > /usr/local/bin/kubectl_complete-rtc && chmod +x /usr/local/bin/kubectl_complete-rtc

## Rights

The chart makes them and binds nobody (\`NAMESPACE-NAME\` are those of the release, such as \`rtc-system-rtc-operator\`):

| role | allows |
| --- | --- |
| ClusterRole \`NAMESPACE-NAME-viewer\`, part of \`view\` | \`status\`, \`rollout status\`, and what of \`doctor\` and \`report\` needs no operator and no Secrets |
| ClusterRole \`NAMESPACE-NAME-user\`, part of \`edit\` | the verbs that write |
| Role \`NAME-reader\` in the namespace of the operator | \`why\`, \`plan\`, \`call-test\`, \`sizing --like\`, and the rest of \`doctor\` and \`report\`: it allows \`get\` on \`pods/proxy\` there. Who has it reads what the operator knows of all its clusters, but no Secret |

    kubectl create rolebinding reader -n rtc-system --role rtc-operator-reader --group on-call

\`doctor\` also compares credentials and tries TURN servers where you may list Secrets; it tells no value of them.

## How it asks the operator

The Lease of the operator names the pod that leads. It is asked through the API server's proxy of pods, at
\`/clusters/NAMESPACE/NAME\` or \`/turnservers/NAMESPACE/NAME\` of its port 8081, for its record of it: what it sees now with every
value of a Secret taken out, what it decided last and from what, and the last fifty changes. \`plan\` and the forecasts of the
writing verbs run the function that decides, the very same, on that record; so program and operator have to be of one
release. A new leader has no changes to tell yet. Where the API server cannot reach pods (a NetworkPolicy, a firewall):

    kubectl port-forward -n rtc-system POD 8081 & kubectl rtc why calls --operator-url http://127.0.0.1:8081

## Output

Text is for people: colours on terminals alone, and not where \`NO_COLOR\` is set. \`-o json\` prints the same answer as data,
and an error as \`{"error", "exitCode"}\` on the standard error; only a command line that is not understood is told as text.

| exit code | means |
| --- | --- |
`;

/** See the file comment. */
export function referencePage(): string {
  const program = createProgram(silent, () => undefined);
  const codes = Object.entries(exitCodes).map(
    ([name, code]) => `| ${code} | ${exitCodeHelp[name as keyof typeof exitCodes]} |\n`,
  );
  const verbs = program.commands.flatMap(leaves).map(({ path, command }) => section(path, command));
  return `${introduction}${codes.join('')}\n## Options of every verb\n\n${optionRows(program)}\n${verbs.join('\n')}`;
}

interface Leaf {
  readonly path: string;
  readonly command: Command;
}

function leaves(command: Command): Leaf[] {
  if (command.commands.length === 0) return [{ path: command.name(), command }];
  return command.commands
    .flatMap(leaves)
    .map(({ path, command: leaf }) => ({ path: `${command.name()} ${path}`, command: leaf }));
}

function optionRows({ options }: Command): string {
  const rows = options.map(({ flags, description, envVar }) => {
    const variable = envVar === undefined ? '' : ` (\`$${envVar}\`)`;
    return `| \`${flags}\` | ${description}${variable} |\n`;
  });
  return `| option | meaning |\n| --- | --- |\n${rows.join('')}`;
}

function section(path: string, command: Command): string {
  let text = '';
  command.configureHelp({ showGlobalOptions: false, helpWidth: 116 });
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  const body = text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
  return `## ${path}\n\n${body}\n`;
}
