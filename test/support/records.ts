/** Records of a cluster as an operator would tell them, without one. */
import { rtcClusterSchema } from '../../operator/api/rtccluster.ts';
import type { PodView } from '../../operator/fleet/pod.ts';
import type { KubeObject } from '../../operator/kube/api.ts';
import { recordedDecision } from '../../operator/record/decision.ts';
import { recordVersion, type ClusterRecord } from '../../operator/record/record.ts';
import { redactedObserved } from '../../operator/record/redact.ts';
import { intentOf } from '../../operator/reconcile/intent.ts';
import type { Observed } from '../../operator/reconcile/observe.ts';
import { aStatus } from './decisions.ts';
import { aNode, nowMs } from './pods.ts';
import { aCluster } from './rtcclusters.ts';

/** What a record is to be of. */
export interface Recorded {
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly pods?: readonly PodView[];
  readonly observed?: Partial<Observed>;
  readonly changes?: ClusterRecord['changes'];
}

const settings = { operatorsImage: 'image', clusterDomain: 'cluster.local' };

/** A cluster with these pods and nothing else, observed at `nowMs`. */
export function anObserved({ spec = {}, pods = [], observed = {} }: Recorded = {}): Observed {
  const cluster = aCluster(spec);
  const object = { ...cluster, metadata: { ...cluster.metadata } } as unknown as KubeObject;
  return {
    ...{ object, cluster: { ok: true, value: rtcClusterSchema.parse(object) }, isNamespaceEnding: false },
    pods: pods.map(podObject),
    views: pods,
    nodes: [aNode()],
    ...{
      others: [],
      found: [],
      revisions: [],
      leftovers: [],
      secrets: {},
      configMaps: {},
      copies: [],
      reach: {},
    },
    ...{ issuance: { availability: 'NotServed' }, turn: { availability: 'NotServed', secrets: {} }, nowMs },
    ...observed,
  };
}

function podObject({ name, uid, nodeName }: PodView): KubeObject {
  const metadata = { name, namespace: 'mattermost', uid, resourceVersion: '1' };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName }, status: {} };
}

/** With one decision made on it. */
export function aRecord(recorded: Recorded = {}): ClusterRecord {
  const observed = anObserved(recorded);
  const { cluster: parsed } = observed;
  if (!parsed.ok) throw new RangeError(parsed.message);
  const cluster = parsed.value;
  const random = (): string => 'random';
  const { decision, credentials, ...intent } = intentOf(observed, cluster, {
    ...settings,
    random,
    history: undefined,
  });
  const { problems: credentialProblems } = credentials;
  const told = { cluster, decision, revision: intent.revision, operatorsImage: 'image', credentialProblems };
  const status = aStatus({ ...told, ...intent.wiring, ...intent.children });
  const withStatus = { ...observed, object: { ...observed.object, status } };
  return {
    ...{ recordVersion, by: 'rtc-operator-0', settings },
    observed: redactedObserved(withStatus),
    history: decision.history,
    last: recordedDecision({ owner: cluster, decision, status, done: [], nowMs }, undefined),
    changes: recorded.changes ?? [],
  };
}

/** An observation with a secret in every place that one can be in, and all of them. */
export function secretValues(): { readonly observed: Observed; readonly clear: readonly string[] } {
  const clear: string[] = [];
  const secret = (name: string, ...keys: readonly string[]): Record<string, string> =>
    Object.fromEntries(
      keys.map((key) => {
        const value = `very secret ${key} of ${name}`;
        clear.push(value);
        return [key, Buffer.from(value).toString('base64')];
      }),
    );
  const object = (name: string, data: Record<string, string>): KubeObject => ({
    ...{ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data },
    metadata: { name, namespace: 'mattermost', annotations: { copy: JSON.stringify(data) } },
  });
  const admin = secret('calls-admin', 'adminKey');
  const client = secret('calls-client-mattermost', 'clientID', 'authKey');
  const tls = secret('calls-api-tls', 'tls.crt', 'tls.key');
  const held = secret(
    'calls-mattermost-env',
    'MM_CALLS_TURN_STATIC_AUTH_SECRET',
    'MM_CALLS_RTCD_SERVICE_URL',
  );
  const turn = secret('edge-ice-servers', 'MM_CALLS_ICE_SERVERS_CONFIGS');
  const secrets = { 'calls-admin': admin, 'calls-client-mattermost': client, 'calls-api-tls': tls };
  const found = Object.entries(secrets).map(([name, data]) => object(name, data));
  return {
    clear,
    observed: anObserved({
      observed: {
        ...{ secrets, found, copies: [object('calls-mattermost-env', held)] },
        turn: { availability: 'Served', secrets: { 'edge-ice-servers': turn }, held },
      },
    }),
  };
}
