/**
 * `CLUSTER=current npm run check-mattermost`: looks whether a Mattermost really has what its RTCCluster gives it, and
 * says of each thing that is wrong how to mend it. It changes nothing, and prints no key.
 */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { currentCluster } from '../cluster/current.ts';
import { startProgress } from '../setup/progress.ts';
import { type Finding, findings, type Seen } from './findings.ts';
import { askServer } from './server.ts';
import { askKubernetes, readEnvFile } from './workload.ts';

interface Options {
  readonly cluster: string;
  readonly clusterNamespace?: string;
  readonly namespace: string;
  readonly workload?: string;
  readonly envFile?: string;
  readonly url?: string;
  readonly tokenFile?: string;
}

const program = new Command('check-mattermost')
  .description('Whether a Mattermost has what its RTCCluster gives it. Changes nothing, prints no key.')
  .option('--cluster <name>', 'the RTCCluster', 'calls')
  .option('--cluster-namespace <name>', 'its namespace; default: that of Mattermost')
  .option(
    '--namespace <name>',
    'the namespace of Mattermost, or of the binding for one outside',
    'mattermost',
  )
  .option('--workload <kind/name>', 'Mattermost in Kubernetes, such as deployment/mattermost')
  .option('--env-file <file>', 'the environment of a Mattermost outside of Kubernetes, as NAME=value lines')
  .option('--url <url>', 'Mattermost itself, to be asked for its licence and plugin')
  .option('--token-file <file>', 'token of a system administrator, who alone sees plugins');

const sign = { good: 'ok  ', bad: 'BAD ', unknown: '?   ' } as const;

/** One finding, with what to do below. */
function told({ verdict, what, fix }: Finding): string {
  return `${sign[verdict]} ${what}${fix === undefined ? '' : `\n       → ${fix}`}`;
}

async function look(options: Options): Promise<Seen> {
  const { cluster, namespace, clusterNamespace = namespace, workload, envFile, url, tokenFile } = options;
  const current = await currentCluster(startProgress());
  try {
    const names = { cluster, clusterNamespace, namespace, ...(workload !== undefined && { workload }) };
    const token = tokenFile === undefined ? undefined : (await readFile(tokenFile, 'utf8')).trim();
    return {
      cluster: `${clusterNamespace}/${cluster}`,
      source: workload ?? envFile ?? '',
      ...(await askKubernetes((...args) => current.kubectl(...args), names)),
      ...(envFile !== undefined && { environment: readEnvFile(await readFile(envFile, 'utf8')) }),
      ...(url !== undefined && { server: await askServer({ url, ...(token !== undefined && { token }) }) }),
    };
  } finally {
    await current.leave();
  }
}

async function main(): Promise<void> {
  const options: Options = program.parse().opts();
  if (process.env['CLUSTER'] !== 'current')
    throw new Error('this looks into the cluster of your kubeconfig: say so with CLUSTER=current');
  const found = findings(await look(options));
  process.stdout.write(`${found.map(told).join('\n')}\n`);
  if (found.some(({ verdict }) => verdict === 'bad')) process.exitCode = 1;
}

await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
