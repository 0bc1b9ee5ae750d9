/** Keeps an eye on one RTCCluster with a kubeconfig: its status, its pods, its events. Carries out what `wish.ts` says. */
import { annotations, labels, names, secretKeys } from '../../../operator/desired/names.ts';
import type { KubeApi, KubeObject, Resource, Selection } from '../../../operator/kube/api.ts';
import { createKubeClient } from '../../../operator/kube/client.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { createReflector, type Reflector } from '../../../operator/kube/reflector.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { createStore, type Store } from '../../../operator/kube/store.ts';
import { trimPod } from '../../../operator/kube/trim.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import type { Seen } from './picture.ts';
import { judgeWish, type Verdict, type Wish } from './wish.ts';

/** Which RTCCluster, by which kubeconfig. */
export interface WatchedCluster {
  readonly namespace: string;
  readonly name: string;
  /** Default: `$KUBECONFIG`, then `~/.kube/config`. */
  readonly kubeconfig?: string;
}

/** What is seen of Kubernetes. */
export type KubeSeen = Pick<Seen, 'cluster' | 'pods' | 'events'>;

/** A running watch. */
export interface ClusterWatch {
  seen(): KubeSeen;
  /** The admin key of the cluster's pods, for their `/stats`. Undefined when it may not be read. */
  adminKey(): Promise<string | undefined>;
  grant(wish: Wish): Promise<Verdict>;
  /** Called after each change, often: returns how to stop. */
  onChange(listener: () => void): () => void;
  close(): Promise<void>;
}

/** Who the audit of the operator names for what is clicked here. */
const fieldManager = 'call-page';

/** Resolves when the cluster and its pods have been listed. */
export async function watchCluster({ namespace, name, kubeconfig }: WatchedCluster): Promise<ClusterWatch> {
  const client = createKubeClient({
    ...(kubeconfig !== undefined && { kubeconfig }),
    userAgent: fieldManager,
  });
  const kube = client.api();
  const labelSelector = `${labels.cluster}=${name},${labels.role}=sfu`;
  const clusters = mirror(kube, resources.rtcclusters, { namespace, fieldSelector: `metadata.name=${name}` });
  const pods = mirror(kube, resources.pods, { namespace, labelSelector });
  const events = mirror(kube, resources.events, { namespace });
  const all = [clusters, pods, events];
  all.forEach(({ reflector }) => reflector.start());
  await Promise.all(all.map(({ reflector }) => reflector.settled));

  const seen = (): KubeSeen => ({
    cluster: clusters.store.get({ namespace, name }),
    pods: pods.store.all(),
    events: events.store.all().filter((event) => isAbout(event, name)),
  });
  return {
    seen,
    adminKey: () => adminKeyOf(kube, namespace, name),
    grant: async (wish) => {
      const pod = pods.store.get({ namespace, name: wish.pod });
      const verdict = judgeWish(wish, pod, clusters.store.get({ namespace, name }));
      if (pod !== undefined && verdict.ok && verdict.write !== 'nothing')
        await write(kube, pod, verdict.write);
      return verdict;
    },
    onChange: (listener) => {
      const stops = all.map(({ store }) => store.subscribe(listener));
      return () => stops.forEach((stop) => stop());
    },
    close: async () => {
      await Promise.all(all.map(({ reflector }) => reflector.close()));
      await client.close();
    },
  };
}

function mirror(
  kube: KubeApi,
  resource: Resource,
  selection: Selection,
): { store: Store; reflector: Reflector } {
  const store = createStore();
  const trim = resource === resources.pods ? { trim: trimPod } : {};
  const deps = { kube, resource, selection, store, clock: systemClock, log: silentLog, ...trim };
  return { store, reflector: createReflector(deps) };
}

/** Exactly that pod, by its uid: a name is used again. */
async function write(kube: KubeApi, pod: KubeObject, what: 'ask' | 'takeBack'): Promise<void> {
  const { namespace = '', name, uid = '' } = pod.metadata;
  if (what === 'takeBack') {
    const patch = { metadata: { uid, annotations: { [annotations.requestedState]: null } } };
    await kube.mergePatch(resources.pods, { namespace, name }, patch);
    return;
  }
  const metadata = { namespace, name, uid, annotations: { [annotations.requestedState]: 'Draining' } };
  await kube.apply(resources.pods, { apiVersion: 'v1', kind: 'Pod', metadata }, { fieldManager });
}

async function adminKeyOf(kube: KubeApi, namespace: string, cluster: string): Promise<string | undefined> {
  try {
    const secret = await kube.get(resources.secrets, { namespace, name: names.adminSecretOf(cluster) });
    const data = secret['data'] as Readonly<Record<string, string>> | undefined;
    const key = data?.[secretKeys.adminKey];
    return key === undefined ? undefined : Buffer.from(key, 'base64').toString();
  } catch {
    return undefined;
  }
}

/** Events of the cluster, and of its pods. */
function isAbout(event: KubeObject, cluster: string): boolean {
  const regarding = event['regarding'] as { readonly kind?: string; readonly name?: string } | undefined;
  if (regarding?.kind === 'RTCCluster') return regarding.name === cluster;
  return regarding?.kind === 'Pod' && (regarding.name ?? '').startsWith(`${cluster}-sfu-`);
}
