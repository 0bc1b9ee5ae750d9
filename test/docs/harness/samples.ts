/** PURE: a block of YAML on a page → the whole object that it is a part of. */
import { parseAllDocuments } from 'yaml';

/** An object as `kubectl apply` takes it. */
export type Manifest = Readonly<Record<string, unknown>>;

type Kind = 'RTCCluster' | 'TurnServer';

const apiVersion = 'rtc.progressnet.gr/v1alpha1';
const base: Readonly<Record<Kind, Manifest>> = {
  RTCCluster: { replicas: 2 },
  TurnServer: { realm: 'example.com', peers: { allow: [{ rtcClusters: { matchNames: ['calls'] } }] } },
};
const ofWorkloads = ['env', 'envFrom', 'volumeMounts', 'volumes'];

/**
 * `said` is what the mark says: a kind, `values` for values of the chart, `other` for what is no business of
 * ours; empty: by its fields. Throws when they tell nothing.
 */
export function manifestsOf(text: string, said: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) throw new Error(document.errors.map(String).join('; '));
    const value = document.toJS() as Manifest | null;
    return value === null ? [] : [whole(value, said)];
  });
}

function whole(part: Manifest, said: string): Manifest {
  if (part['apiVersion'] !== undefined) return part;
  const fields = Object.keys(part);
  if (fields.every((field) => ofWorkloads.includes(field))) return workload(part);
  const kind: Kind = (part['kind'] ?? said) === 'TurnServer' ? 'TurnServer' : 'RTCCluster';
  const spec = (part['spec'] ?? part) as Manifest;
  return {
    ...{ apiVersion, kind, metadata: part['metadata'] ?? { name: 'sample' } },
    spec: { ...(isAuto(spec) ? {} : base[kind]), ...spec },
  };
}

function isAuto({ scaling }: Manifest): boolean {
  return (scaling as { readonly mode?: string } | undefined)?.mode === 'Auto';
}

/** Fields of a pod and of its container, as a Deployment of a Mattermost. */
function workload({ volumes, ...container }: Manifest): Manifest {
  const labels = { app: 'mattermost' };
  const containers = [{ name: 'mattermost', image: 'mattermost', ...container }];
  const template = { metadata: { labels }, spec: { containers, ...(volumes !== undefined && { volumes }) } };
  const spec = { selector: { matchLabels: labels }, template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'sample' }, spec };
}
