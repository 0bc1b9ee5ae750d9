/** The way of light nodes to a real API server: what they see comes by watches, and they wait for no answer to a write. */
import type { KubeApi, KubeObject, ObjectKey, Resource } from '../../../operator/kube/api.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { AlreadyExistsError, ConflictError, NotFoundError } from '../../../operator/kube/errors.ts';
import { createReflector, type Reflector } from '../../../operator/kube/reflector.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { createStore, type Store } from '../../../operator/kube/store.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { isEqual } from '../../../operator/reconcile/owned.ts';
import { bindPod } from '../../support/binding.ts';
import type { MachineServer } from '../sim/machine.ts';
import type { Place } from './place.ts';

/** See the file comment. */
export interface MachineApi extends MachineServer {
  /** Resolves when everything that was there at the start is seen. */
  readonly synced: Promise<void>;
  /** Writes that failed, but for those on what is gone or has changed. */
  readonly problems: readonly string[];
  /** Resolves when every write so far has been answered. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/** A kubelet finds out that its pod is gone, or another: nothing is left to do. */
const expected = [AlreadyExistsError, ConflictError, NotFoundError];

/** Sees the pods and the nodes of one place. */
export function createMachineApi(kube: KubeApi, place: Place): MachineApi {
  const stores = { pods: createStore(), nodes: createStore() };
  const mirrors = [
    mirror(kube, stores.pods, { resource: resources.pods, namespace: place.namespace }),
    mirror(kube, stores.nodes, { resource: resources.nodes, labelSelector: place.nodeSelector }),
  ];
  const storeOf = ({ kind }: Resource): Store => (kind === 'Pod' ? stores.pods : stores.nodes);
  // Bound, but not yet seen so: a scheduler that forgot it would use the same ports twice.
  const assumed = new Map<string, string>();
  const seen = (pod: KubeObject): KubeObject => withNode(pod, assumed.get(pod.metadata.uid ?? ''));
  const { send, written, problems } = inOrder();
  for (const one of mirrors) one.start();
  return {
    synced: Promise.all(mirrors.map(({ synced }) => synced)).then(() => undefined),
    problems,
    written,
    get nowMs() {
      return Date.now();
    },
    list: (resource) => [...storeOf(resource).all()].map(seen),
    find: (resource, key) => storeOf(resource).get(keyOf(key)),
    subscribe(listener) {
      for (const resource of [resources.pods, resources.nodes])
        storeOf(resource).subscribe(({ previous, current }) => {
          if (current === undefined) listener({ type: 'DELETED', resource, object: previous! });
          else listener({ type: previous ? 'MODIFIED' : 'ADDED', resource, object: seen(current) });
        });
    },
    create: (resource, object) => send(() => createOpen(kube, resource, object)),
    bind(pod, nodeName) {
      const found = stores.pods.get(keyOf(pod));
      assumed.set(found?.metadata.uid ?? '', nodeName);
      send(() => bindPod(kube, keyOf(pod), nodeName));
    },
    mergePatch(resource, target, patch) {
      if (isThere(storeOf(resource).get(keyOf(target)), patch)) return;
      const { subresource } = target;
      const key = { ...keyOf(target), ...(subresource !== undefined && { subresource }) };
      send(() => kube.mergePatch(resource, key, patch));
    },
    delete(resource, key, meant = {}) {
      const uid = meant.uid ?? storeOf(resource).get(keyOf(key))?.metadata.uid ?? '';
      send(() => kube.delete(resource, keyOf(key), { ...meant, uid }));
    },
    async close() {
      await Promise.all(mirrors.map((one) => one.close()));
      await written();
    },
  };
}

type Mirrored = Pick<Parameters<typeof createReflector>[0], 'resource'> & {
  readonly namespace?: string;
  readonly labelSelector?: string;
};

function mirror(kube: KubeApi, store: Store, { resource, ...selection }: Mirrored): Reflector {
  return createReflector({ kube, resource, selection, store, clock: systemClock, log: silentLog });
}

/** One write after the other: two of one kubelet must not overtake each other. */
function inOrder(): Pick<MachineApi, 'written' | 'problems'> & {
  send: (write: () => Promise<unknown>) => void;
} {
  const problems: string[] = [];
  let last: Promise<unknown> = Promise.resolve();
  return {
    problems,
    send: (write) =>
      void (last = last.then(write).catch((error: unknown) => {
        if (!expected.some((kind) => error instanceof kind)) problems.push(String(error));
      })),
    written: () => last.then(() => undefined),
  };
}

/** Nobody else takes away what the API server gives to nodes until they are ready. */
async function createOpen(kube: KubeApi, resource: Resource, object: KubeObject): Promise<void> {
  await kube.create(resource, object);
  await kube.mergePatch(resource, keyOf(object.metadata), { spec: { taints: null } });
}

function withNode(pod: KubeObject, nodeName: string | undefined): KubeObject {
  if (nodeName === undefined || pod.kind !== 'Pod' || nodeNameOf(pod) !== undefined) return pod;
  return { ...pod, spec: { ...(pod['spec'] as object), nodeName } };
}

function keyOf({ namespace, name }: ObjectKey): ObjectKey {
  return namespace === undefined ? { name } : { namespace, name };
}

/** Whether a status is as it would be afterwards. */
function isThere(found: KubeObject | undefined, { status }: Readonly<Record<string, unknown>>): boolean {
  if (found === undefined || typeof status !== 'object' || status === null) return false;
  const now = (found['status'] ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(status).every(([field, value]) => isEqual(now[field], value));
}
