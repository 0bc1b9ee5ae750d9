/** What a trial call through an RTCCluster proves, or why none is placed. PURE. */
import type { RtcCluster } from '../api/rtccluster.ts';
import type { ProbeAnswer } from '../facts/probeAnswer.ts';
import type { Turn } from '../facts/probeTurns.ts';
import { isFailure, probeFailure } from '../fleet/probe.ts';
import type { KubeObject } from '../kube/api.ts';

/** One line of the result. */
export interface Verdict {
  readonly hasPassed: boolean;
  readonly text: string;
}

/** As it is written: whether the whole is valid is for the operator to say. */
type Spec = { readonly engine?: { readonly type?: RtcCluster['spec']['engine']['type'] } } | undefined;

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** About a cluster through which no call is placed; undefined when there are pods to call. `podsInDns` can be called. */
export function withoutCall(cluster: KubeObject, podsInDns: number): Verdict | undefined {
  if (cluster.metadata.deletionTimestamp !== undefined) return passed('it is being deleted: not called');
  const ready = readyOf(cluster);
  const isReady = ready?.status === 'True';
  if ((cluster['spec'] as Spec)?.engine?.type === 'Rtcd')
    return verdict(isReady, `it runs a stock rtcd, which places no calls. ${told(ready)}`);
  if (podsInDns > 0) return undefined;
  return isReady
    ? passed(`no pod of it is in DNS, and it wants none. ${told(ready)}`)
    : verdict(false, `no pod of it that could be called is in DNS. ${told(ready)}`);
}

/** What came of one call; see `isFailure`. */
export function verdictOf({ kind, of, by, addresses }: Turn, answer: ProbeAnswer): Verdict {
  const call = `pod ${of.name} at ${addresses.join(', ')}, called by ${by === of ? 'itself' : by.name}`;
  if (answer.outcome === 'Passed') return passed(`${call}: ${answer.message}${figures(answer)}`);
  if (answer.outcome === 'Busy')
    return verdict(false, `${call}: ${answer.message}. It did so at every try: run the test again`);
  if (answer.outcome === 'Unable')
    return verdict(false, `${call}: no call was placed: ${answer.message}. See the log of ${by.name}`);
  const { message } = probeFailure(kind, {
    message: answer.message,
    ...(by !== of && { fromNode: by.nodeName }),
  });
  if (isFailure(kind, of.verify)) return verdict(false, `${call}: ${message}`);
  return passed(`${call}: warning, no failure as network.address.verify is Advisory: ${message}`);
}

/** The last line. */
export function summary(verdicts: readonly Verdict[], clusters: number): Verdict {
  const failed = verdicts.filter(({ hasPassed }) => !hasPassed).length;
  if (clusters === 0)
    return passed('There is no RTCCluster yet, so there was nothing to call: make one and test again.');
  if (failed === 0) return passed(`${clusters} RTCCluster${clusters === 1 ? '' : 's'} tried: all is well.`);
  return verdict(
    false,
    `${clusters} RTCCluster${clusters === 1 ? '' : 's'} tried: ${failed} of the lines above begin with FAILED and say why.`,
  );
}

function readyOf(cluster: KubeObject): Condition | undefined {
  const { conditions = [] } = (cluster['status'] ?? {}) as { readonly conditions?: readonly Condition[] };
  return conditions.find(({ type }) => type === 'Ready');
}

function told(ready: Condition | undefined): string {
  if (ready !== undefined) return `Ready is ${ready.status}, ${ready.reason}: ${ready.message}`;
  return 'It has no status: no operator has looked at it. See whether one runs, and whether its watchNamespaces name this namespace';
}

function figures({ joinMs, lossPercent }: ProbeAnswer): string {
  const parts = [
    ...(joinMs === undefined ? [] : [`joined in ${Math.round(joinMs)} ms`]),
    ...(lossPercent === undefined ? [] : [`${lossPercent} % lost`]),
  ];
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`;
}

const verdict = (hasPassed: boolean, text: string): Verdict => ({ hasPassed, text });
const passed = (text: string): Verdict => verdict(true, text);
