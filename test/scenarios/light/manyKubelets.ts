/** Scheduler and kubelets of many light nodes: what is done for one pod whenever it has changed. */
import { annotations } from '../../../operator/desired/names.ts';
import type { KubeApi, KubeObject, ObjectKey } from '../../../operator/kube/api.ts';
import type { WorkResult } from '../../../operator/kube/queue.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { keyText, type Store } from '../../../operator/kube/store.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { isEqual } from '../../../operator/reconcile/owned.ts';
import { bindPod } from '../../support/binding.ts';
import { serveSfu, type SfuState } from '../../support/fakeSfu.ts';
import { imageOf } from '../sim/kubelet.ts';

/** By name, and where its SFU listens. */
export interface LightNode {
  readonly name: string;
  readonly address: string;
}

/** An SFU that runs. */
export interface ManySfu extends SfuState {
  readonly pod: string;
  readonly uid: string;
  readonly node: LightNode;
  sessions: number;
  /** Set for good by SIGTERM. */
  isEnding: boolean;
  readonly door: Promise<{ close(): Promise<void> }>;
}

/** What it is made of. */
export interface KubeletsDeps {
  readonly kube: KubeApi;
  readonly pods: Store;
  readonly nodes: readonly LightNode[];
  readonly port: number;
}

/** How often it is looked whether a pod that ends has still people. */
const endingMs = 250;
/** How often it is looked whether a node has become free. */
const waitingMs = 1_000;

/** One pod for each node at most. */
export class ManyKubelets {
  /** Sessions that ended with their SFU. */
  dropped = 0;
  readonly #deps: KubeletsDeps;
  readonly #running = new Map<string, ManySfu>();
  readonly #byAddress = new Map<string, ManySfu>();
  readonly #nodes: ReadonlyMap<string, LightNode>;
  readonly #free: string[];
  /** By pod: a binding that has not come back yet is not made twice. */
  readonly #bound = new Map<string, { readonly uid: string; readonly node: string }>();

  constructor(deps: KubeletsDeps) {
    this.#deps = deps;
    this.#nodes = new Map(deps.nodes.map((node) => [node.name, node]));
    this.#free = deps.nodes.map(({ name }) => name).toReversed();
  }

  get sfus(): readonly ManySfu[] {
    return [...this.#running.values()];
  }

  sfuAt(address: string): ManySfu | undefined {
    return this.#byAddress.get(address);
  }

  /** What is to be done for the pod `namespace/name` as it is now. Rejects when the API server did not take it. */
  async tend(key: string): Promise<WorkResult> {
    const [namespace = '', name = ''] = key.split('/');
    const pod = this.#deps.pods.get({ namespace, name });
    await this.#endOthers(key, pod?.metadata.uid);
    if (pod === undefined) return {};
    if (pod.metadata.deletionTimestamp !== undefined) return this.#terminate(pod);
    const node = this.#nodes.get(nodeNameOf(pod) ?? '');
    if (node === undefined) return this.#bind(pod);
    await this.#report(pod, this.#running.get(key) ?? this.#start(pod, node));
    return {};
  }

  async close(): Promise<void> {
    await Promise.all(this.sfus.map(async ({ door }) => (await door).close()));
  }

  /** What ran under this name and is not this pod has ended, and its node is free. */
  async #endOthers(key: string, uid: string | undefined): Promise<void> {
    const bound = this.#bound.get(key);
    if (bound !== undefined && bound.uid !== uid) {
      this.#bound.delete(key);
      this.#free.push(bound.node);
    }
    const sfu = this.#running.get(key);
    if (sfu === undefined || sfu.uid === uid) return;
    this.#running.delete(key);
    this.#byAddress.delete(sfu.node.address);
    this.dropped += sfu.sessions;
    await (await sfu.door).close();
  }

  async #bind({ metadata }: KubeObject): Promise<WorkResult> {
    const key = keyText(metadata);
    if (this.#bound.has(key)) return {};
    const node = this.#free.pop();
    if (node === undefined) return { requeueAfterMs: waitingMs };
    this.#bound.set(key, { uid: metadata.uid ?? '', node });
    await bindPod(this.#deps.kube, keyOf(metadata), node);
    return {};
  }

  #start(pod: KubeObject, node: LightNode): ManySfu {
    const sfu = {
      ...{ pod: keyText(pod.metadata), uid: pod.metadata.uid ?? '', node },
      ...{ version: imageOf(pod).split(':')[1] ?? '', sessions: 0, load: 0 },
      ...{ isDraining: false, isEnding: false, probe: undefined, answers: true },
    };
    const door = serveSfu(stateOf(sfu), { host: node.address, port: this.#deps.port });
    const running: ManySfu = Object.assign(sfu, { door });
    this.#running.set(running.pod, running);
    this.#byAddress.set(node.address, running);
    return running;
  }

  /** SIGTERM: an SFU drains, and is killed at the end of its grace. */
  async #terminate(pod: KubeObject): Promise<WorkResult> {
    const sfu = this.#running.get(keyText(pod.metadata));
    const leftMs = Date.parse(pod.metadata.deletionTimestamp ?? '') - Date.now();
    if (sfu !== undefined && sfu.sessions > 0 && leftMs > 0) {
      Object.assign(sfu, { isEnding: true, isDraining: true });
      await this.#report(pod, sfu);
      return { requeueAfterMs: endingMs };
    }
    const { uid = '' } = pod.metadata;
    await this.#deps.kube.delete(resources.pods, keyOf(pod.metadata), { uid, gracePeriodSeconds: 0 });
    return {};
  }

  /** Ready as an SFU is: when it knows its address, and until SIGTERM. */
  async #report(pod: KubeObject, sfu: ManySfu): Promise<void> {
    await sfu.door;
    const { address } = sfu.node;
    const hasAddress = (pod.metadata.annotations?.[annotations.address] ?? '') !== '';
    const conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: hasAddress && !sfu.isEnding ? 'True' : 'False' },
    ];
    const addresses = { hostIP: address, podIP: address, podIPs: [{ ip: address }] };
    const status = { phase: 'Running', ...addresses, conditions };
    const found = (pod['status'] ?? {}) as Readonly<Record<string, unknown>>;
    if (Object.entries(status).every(([field, value]) => isEqual(found[field], value))) return;
    await this.#deps.kube.mergePatch(
      resources.pods,
      { ...keyOf(pod.metadata), subresource: 'status' },
      { status },
    );
  }
}

/** Once told to end, an SFU drains for good. */
function stateOf(sfu: Omit<ManySfu, 'door'>): SfuState {
  return Object.create(sfu, {
    isDraining: {
      get: () => sfu.isDraining || sfu.isEnding,
      set: (isDraining: boolean) => void Object.assign(sfu, { isDraining }),
    },
  }) as SfuState;
}

function keyOf({ namespace = '', name }: ObjectKey): Required<ObjectKey> {
  return { namespace, name };
}
