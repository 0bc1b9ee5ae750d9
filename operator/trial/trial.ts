/** A short call through every RTCCluster: what `helm test` runs in a pod of the operator's image. */
import { annotations, labels, names } from '../desired/names.ts';
import type { ProbeAnswer } from '../facts/probeAnswer.ts';
import { everyTurn, type ProbeTarget, probeTargetOf, type Turn } from '../facts/probeTurns.ts';
import { targetOf } from '../facts/targets.ts';
import type { Verify } from '../fleet/probe.ts';
import type { KubeApi, KubeObject } from '../kube/api.ts';
import { type Clock, systemClock } from '../kube/clock.ts';
import { NotFoundError } from '../kube/errors.ts';
import { listAll } from '../kube/listAll.ts';
import { pods, rtcclusters, secrets } from '../kube/resources.ts';
import { httpProbeClient } from '../probing.ts';
import { summary, type Verdict, verdictOf, withoutCall } from './judge.ts';

/** What a trial is made of. */
export interface TrialDeps {
  readonly kube: Pick<KubeApi, 'list' | 'get'>;
  /** Empty: all namespaces. */
  readonly namespaces: readonly string[];
  readonly say: (line: string) => void;
  /** From one try to the next of a pod that calls for somebody else just then. Default 5,000. */
  readonly busyPauseMs?: number;
  /** Default: the machine's own time. */
  readonly clock?: Pick<Clock, 'after'>;
}

/** The operator has each pod called once a minute, for some seconds. */
const busyTries = 6;

/** Says a line for each cluster without a call, and for each call; resolves to whether all is well. */
export async function tryCalls(deps: TrialDeps): Promise<boolean> {
  const { kube, namespaces, say } = deps;
  const clusters = await listAll(kube, rtcclusters, { namespaces });
  const inDns = await listAll(kube, pods, { namespaces, labelSelector: `${labels.published}=true` });
  const secretNamed = await readSecrets(kube, inDns);
  const verdicts: Verdict[] = [];
  const tell = (of: string, verdict: Verdict): void => {
    verdicts.push(verdict);
    say(`${verdict.hasPassed ? 'ok' : 'FAILED'} ${of}: ${verdict.text}`);
  };
  const client = httpProbeClient();
  const turns = clusters.flatMap((cluster): Turn[] => {
    const targets = targetsOf(cluster, inDns, secretNamed);
    const without = withoutCall(cluster, targets.length);
    if (without !== undefined) tell(nameOf(cluster), without);
    return without === undefined ? everyTurn(targets) : [];
  });
  // Each pod calls for one at a time.
  const byCaller = Map.groupBy(turns, ({ by }) => by.target.uid);
  const calls = [...byCaller.values()].map(async (ofOne) => {
    for (const turn of ofOne) {
      const answer = await patiently(() => answerTo(client, turn), deps);
      tell(turn.of.target.cluster, verdictOf(turn, answer));
    }
  });
  await Promise.all(calls).finally(() => client.close());
  const { hasPassed, text } = summary(verdicts, clusters.length);
  say(text);
  return hasPassed;
}

const answerTo = (client: ReturnType<typeof httpProbeClient>, turn: Turn): Promise<ProbeAnswer> =>
  client.probe(turn.by.target, { target: turn.of.target, addresses: turn.addresses });

async function patiently(
  ask: () => Promise<ProbeAnswer>,
  { clock = systemClock, busyPauseMs = 5_000 }: Pick<TrialDeps, 'clock' | 'busyPauseMs'>,
): Promise<ProbeAnswer> {
  for (let left = busyTries; ; left -= 1) {
    const answer = await ask();
    if (answer.outcome !== 'Busy' || left <= 1) return answer;
    await new Promise<void>((resolve) => void clock.after(busyPauseMs, resolve));
  }
}

const nameOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;

type SecretNamed = Parameters<typeof targetOf>[1];

function targetsOf(cluster: KubeObject, all: readonly KubeObject[], secretNamed: SecretNamed): ProbeTarget[] {
  const spec = cluster['spec'] as { network?: { address?: { verify?: Verify } } } | undefined;
  const verify = spec?.network?.address?.verify ?? 'Advisory';
  return all.flatMap((pod) => {
    const target = targetOf(pod, secretNamed);
    return target?.cluster === nameOf(cluster) ? (probeTargetOf(pod, target, verify) ?? []) : [];
  });
}

/** Those with the keys and certificates of these pods. */
async function readSecrets(kube: TrialDeps['kube'], all: readonly KubeObject[]): Promise<SecretNamed> {
  const wanted = new Set(
    all.flatMap(({ metadata }) => {
      const cluster = metadata.labels?.[labels.cluster];
      const certificate = metadata.annotations?.[annotations.apiTlsSecret];
      const called = [
        ...(cluster === undefined ? [] : [names.adminSecretOf(cluster)]),
        ...(certificate === undefined ? [] : [certificate]),
      ];
      return called.map((name) => `${metadata.namespace ?? ''}/${name}`);
    }),
  );
  const found = new Map<string, KubeObject>();
  for (const key of wanted) {
    const [namespace = '', name = ''] = key.split('/');
    const secret = await kube.get(secrets, { namespace, name }).catch((error: unknown) => {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    });
    if (secret !== undefined) found.set(key, secret);
  }
  return (namespace, name) => found.get(`${namespace}/${name}`);
}
