/** PURE: whether the names that Mattermost asks for lead to the pods that are published, and to no others. */
import { rtcClusterSchema, type RtcCluster } from '../../api/rtccluster.ts';
import { labels, names } from '../../desired/names.ts';
import { namedAddress } from '../../desired/outside.ts';
import type { KubeObject } from '../../kube/api.ts';
import { ok, unknown, type Check, type Evidence, type Finding } from './finding.ts';
import { withRecord } from './operator.ts';

interface Published {
  readonly name: string;
  readonly podIP: string;
  readonly address: string;
}

/** The endpoints of the Service, and the answers of DNS, against the published set. */
export const dns: Check = (evidence) => {
  const cluster = rtcClusterSchema.safeParse(evidence.cluster).data;
  const record = withRecord(evidence);
  if (cluster === undefined || record === undefined) return [];
  const published = publishedIn(record.observed.pods);
  const inside = published.map(({ podIP }) => podIP);
  return [
    ...compared('dns/endpoints', `Service ${names.service(cluster)}`, {
      wanted: inside,
      found: evidence.endpoints,
    }),
    ...answers(cluster, evidence, published),
  ];
};

function publishedIn(pods: readonly KubeObject[]): Published[] {
  return pods
    .filter(({ metadata }) => metadata.labels?.[labels.published] === 'true')
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((pod) => ({
      name: pod.metadata.name,
      podIP: ((pod['status'] ?? {}) as { readonly podIP?: string }).podIP ?? '',
      address: pod.metadata.annotations?.['rtc.progressnet.gr/address'] ?? '',
    }));
}

/** Which names are asked for: what follows from the spec alone. */
export function askedNames(cluster: RtcCluster, clusterDomain: string): readonly string[] {
  const { external } = cluster.spec.discovery;
  const inside = `${names.service(cluster)}.${cluster.metadata.namespace}.svc.${clusterDomain}`;
  return external === undefined ? [inside] : [inside, external.hostname];
}

function answers(cluster: RtcCluster, evidence: Evidence, published: readonly Published[]): Finding[] {
  const { external } = cluster.spec.discovery;
  return Object.entries(evidence.answers).flatMap(([name, found]) => {
    const isOutside = external?.hostname === name;
    const wanted = published.map((pod) => (isOutside ? namedAddress(external, pod) : pod.podIP));
    return compared(`dns/${name}`, `The name ${name}`, { wanted, found, elsewhere: runInside(evidence) });
  });
}

interface Sets {
  readonly wanted: readonly string[];
  readonly found: Evidence['endpoints'];
  /** What to do where it cannot be asked from here. */
  readonly elsewhere?: string;
}

function compared(id: string, subject: string, { wanted, found, elsewhere }: Sets): Finding[] {
  if ('unknown' in found)
    return [unknown(id, `${subject} could not be asked from here: ${found.unknown}`, elsewhere)];
  const missing = wanted.filter((address) => !found.value.includes(address));
  const strange = found.value.filter((address) => !wanted.includes(address));
  if (missing.length + strange.length === 0)
    return [ok(id, `${subject} leads to ${wanted.join(', ') || 'nobody'}`)];
  const parts = [
    ...(missing.length > 0 ? [`does not lead to ${missing.join(', ')}, which is published`] : []),
    ...(strange.length > 0 ? [`leads to ${strange.join(', ')}, which is not published`] : []),
  ];
  return [
    {
      ...{ id, level: 'fail', message: `${subject} ${parts.join(', and ')}` },
      fix: 'Within a minute that may be the time that DNS remembers. Else: somebody else writes these records, external-dns does not run, or a pod is not ready (kubectl rtc why)',
    },
  ];
}

/** As it is typed, where the Lease tells which operator it is. */
function runInside({ cluster: { metadata }, lease }: Evidence): string {
  const found = 'value' in lease && typeof lease.value !== 'string' ? lease.value.metadata : undefined;
  const { namespace = 'OPERATOR-NAMESPACE', name = 'rtc-operator' } = found ?? {};
  return `Run it inside the cluster: kubectl exec -n ${namespace} deploy/${name} -- node /app/kubectl-rtc.mjs doctor ${metadata.name} -n ${metadata.namespace ?? ''}, or nslookup in the Mattermost pod`;
}
