/**
 * Light nodes: machines with an address, the scheduler that binds pods to them, and the kubelet that starts, ends and
 * reports them. Respects ports, taints, cordons and labels; images and starts take time; grace periods are honoured.
 */
import type { KubeObject, Resource } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { annotations } from '../../../operator/desired/names.ts';
import { nodeNameOf, nodeView } from '../../../operator/reconcile/nodeView.ts';
import type { Change, SimApiServer } from './apiServer.ts';
import type { Random } from './random.ts';
import { schedulingProblem } from './scheduling.ts';
import { FakeSfu } from './sfu.ts';
import type { Timeline } from './time.ts';

/** One machine. */
export interface Machine {
  readonly name: string;
  address: string;
  isPowered: boolean;
  /** Its kubelet reaches the API server. */
  isConnected: boolean;
  readonly images: Set<string>;
}

/** How an SFU came to its end. */
export interface End {
  readonly sfu: FakeSfu;
  readonly pod: string;
  /** Drained: its last session had ended. Killed: at the end of its grace, or at once. PowerLoss: the machine is gone. */
  readonly how: 'Drained' | 'Killed' | 'PowerLoss';
}

/** What kubelets and the scheduler ask of an API server; they wait for no answer. */
export interface MachineServer extends Pick<SimApiServer, 'nowMs' | 'list' | 'find' | 'bind' | 'delete'> {
  subscribe(listener: (change: Pick<Change, 'resource' | 'type' | 'object'>) => void): void;
  create(resource: Resource, object: KubeObject): void;
  mergePatch(...of: Parameters<SimApiServer['mergePatch']>): void;
}

/** What machines are made of. */
export interface MachinesDeps {
  readonly server: MachineServer;
  readonly time: Timeline;
  readonly random: Random;
  /** An SFU begins to listen on its machine. Default: nothing more happens. */
  readonly onStart?: (sfu: FakeSfu, machine: Machine) => void;
  readonly onEnd: (end: End) => void;
}

/** Longest and shortest times of a kubelet and a scheduler, milliseconds. */
const delays = {
  schedule: [50, 500],
  pull: [2_000, 20_000],
  start: [500, 3_000],
  notice: [100, 1_500],
  project: [1_000, 8_000],
} as const;
/** How long a node may be silent before Kubernetes gives it up. */
const nodeGraceMs = 40_000;

/** See the file comment. */
export class Machines {
  readonly #deps: MachinesDeps;
  readonly #machines = new Map<string, Machine>();
  /** Running SFUs by pod uid. */
  readonly #sfus = new Map<
    string,
    { readonly sfu: FakeSfu; readonly machine: Machine; readonly pod: string }
  >();
  readonly #begun = new Set<string>();

  constructor(deps: MachinesDeps) {
    this.#deps = deps;
    deps.server.subscribe(({ resource, type, object }) => {
      if (resource.kind === 'Pod') this.#onPod(object, type === 'DELETED');
      if (resource.kind === 'Node') this.#scheduleAllSoon();
    });
  }

  get all(): readonly Machine[] {
    return [...this.#machines.values()];
  }

  get running(): readonly FakeSfu[] {
    return [...this.#sfus.values()].map(({ sfu }) => sfu);
  }

  /** The SFU that listens on this address. */
  sfuAt(address: string): FakeSfu | undefined {
    const found = [...this.#sfus.values()].find(
      ({ machine }) => machine.address === address && machine.isPowered,
    );
    return found?.sfu;
  }

  sfuOf(podUid: string): FakeSfu | undefined {
    return this.#sfus.get(podUid)?.sfu;
  }

  add(name: string, address: string, labels: Readonly<Record<string, string>> = {}): Machine {
    const machine = { name, address, isPowered: true, isConnected: true, images: new Set<string>() };
    this.#machines.set(name, machine);
    this.#deps.server.create(resources.nodes, {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name, labels: { 'kubernetes.io/hostname': name, ...labels } },
      spec: {},
      status: { addresses: addressesOf(machine), conditions: [{ type: 'Ready', status: 'True' }] },
    });
    return machine;
  }

  /** The machine has another address now; what runs on it keeps running. */
  readdress(machine: Machine, address: string): void {
    machine.address = address;
    this.#report(machine, { addresses: addressesOf(machine) });
  }

  /** Everything on it ends, and nobody says so. */
  powerOff(machine: Machine): void {
    machine.isPowered = false;
    for (const [uid, { machine: on, sfu, pod }] of [...this.#sfus])
      if (on === machine) {
        this.#sfus.delete(uid);
        this.#begun.delete(uid);
        this.#deps.onEnd({ sfu, pod, how: 'PowerLoss' });
      }
    this.#goesSilent(machine);
  }

  /** Media goes on, the API server hears nothing. */
  disconnect(machine: Machine): void {
    machine.isConnected = false;
    this.#goesSilent(machine);
  }

  /** Power and network are back. */
  restore(machine: Machine): void {
    machine.isPowered = true;
    machine.isConnected = true;
    if (this.#deps.server.find(resources.nodes, machine) === undefined) return;
    this.#report(machine, { conditions: [{ type: 'Ready', status: 'True' }] });
    this.taint(machine.name, [unreachable], false);
    for (const pod of this.#podsOn(machine)) this.#tend(pod, machine);
  }

  /** Adds or removes taints by key. */
  taint(node: string, taints: readonly Taint[], isSet: boolean): void {
    const { server } = this.#deps;
    const object = server.find(resources.nodes, { name: node });
    if (object === undefined) return;
    const found = (object['spec'] as { readonly taints?: readonly Taint[] }).taints ?? [];
    const others = found.filter(({ key }) => !taints.some((taint) => taint.key === key));
    server.mergePatch(
      resources.nodes,
      { name: node },
      { spec: { taints: [...others, ...(isSet ? taints : [])] } },
    );
  }

  #goesSilent(machine: Machine): void {
    this.#deps.time.after(nodeGraceMs, () => {
      if (machine.isPowered && machine.isConnected) return;
      if (this.#deps.server.find(resources.nodes, machine) === undefined) return;
      this.#report(machine, { conditions: [{ type: 'Ready', status: 'Unknown' }] });
      this.taint(machine.name, [unreachable], true);
      for (const pod of this.#podsOn(machine)) this.#writeReady(pod, false);
    });
  }

  #report({ name }: Machine, status: object): void {
    this.#deps.server.mergePatch(resources.nodes, { name, subresource: 'status' }, { status });
  }

  #podsOn({ name }: Machine): KubeObject[] {
    return this.#deps.server.list(resources.pods).filter((pod) => nodeNameOf(pod) === name);
  }

  #onPod(pod: KubeObject, isGone: boolean): void {
    const node = nodeNameOf(pod);
    if (isGone) {
      this.#kill(pod);
      this.#scheduleAllSoon();
    } else if (node === undefined) this.#soon('schedule', () => this.#schedule(pod.metadata.uid ?? ''));
    else {
      const machine = this.#machines.get(node);
      if (machine !== undefined) this.#tend(pod, machine);
    }
  }

  #scheduleAllSoon(): void {
    for (const pod of this.#deps.server.list(resources.pods))
      if (nodeNameOf(pod) === undefined) this.#soon('schedule', () => this.#schedule(pod.metadata.uid ?? ''));
  }

  #schedule(uid: string): void {
    const { server, random } = this.#deps;
    const pods = server.list(resources.pods);
    const pod = pods.find(({ metadata }) => metadata.uid === uid);
    if (pod === undefined || nodeNameOf(pod) !== undefined || pod.metadata.deletionTimestamp !== undefined)
      return;
    const nodes = server.list(resources.nodes).map(nodeView);
    const fitting = nodes.filter((node) => schedulingProblem(pod, node, pods) === undefined);
    if (fitting.length === 0) {
      const no = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: 'no node fits' };
      this.#writeStatus(pod, { conditions: [no] });
      return;
    }
    server.bind(pod.metadata, random.pick(fitting).name);
  }

  /** What a kubelet does when it sees the pod. */
  #tend(pod: KubeObject, machine: Machine): void {
    const { uid = '', deletionTimestamp } = pod.metadata;
    if (!machine.isConnected || !machine.isPowered) return;
    const running = this.#sfus.get(uid);
    if (deletionTimestamp !== undefined) this.#soon('notice', () => this.#end(uid, machine));
    else if (running !== undefined) this.#soon('project', () => this.#reportReady(uid, machine));
    else if (!this.#begun.has(uid)) {
      this.#begun.add(uid);
      this.#soon(machine.images.has(imageOf(pod)) ? 'notice' : 'pull', () =>
        this.#soon('start', () => this.#start(uid, machine)),
      );
    }
  }

  #start(uid: string, machine: Machine): void {
    const pod = this.#podBy(uid);
    if (pod === undefined || !machine.isPowered || pod.metadata.deletionTimestamp !== undefined) return;
    const image = imageOf(pod);
    machine.images.add(image);
    if (image.endsWith('broken')) {
      this.#crash(pod);
      return;
    }
    const version = image.split(':')[1] ?? '';
    const sfu = new FakeSfu(uid, version);
    this.#sfus.set(uid, { sfu, machine, pod: pod.metadata.name });
    this.#deps.onStart?.(sfu, machine);
    this.#soon('notice', () => this.#reportReady(uid, machine));
  }

  #crash(pod: KubeObject): void {
    const lastState = { terminated: { exitCode: 1, reason: 'Error', message: 'injected' } };
    const container = {
      name: 'sfu',
      image: imageOf(pod),
      state: { waiting: { reason: 'CrashLoopBackOff' } },
      lastState,
    };
    this.#writeStatus(pod, { phase: 'Running', containerStatuses: [container] });
  }

  /** Ready as an SFU is: when it knows its address, and until SIGTERM. */
  #reportReady(uid: string, machine: Machine): void {
    const pod = this.#podBy(uid);
    const running = this.#sfus.get(uid);
    if (pod === undefined || running === undefined || !machine.isConnected || !machine.isPowered) return;
    const hasAddress = (pod.metadata.annotations?.[annotations.address] ?? '') !== '';
    const { address } = machine;
    this.#writeReady(pod, hasAddress && !running.sfu.isEnding, {
      phase: 'Running',
      ...{ hostIP: address, hostIPs: [{ ip: address }] },
      ...{ podIP: address, podIPs: [{ ip: address }] },
    });
  }

  #writeReady(pod: KubeObject, isReady: boolean, more: object = {}): void {
    const conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: isReady ? 'True' : 'False' },
    ];
    this.#writeStatus(pod, { ...more, conditions });
  }

  #writeStatus({ metadata }: KubeObject, status: object): void {
    this.#deps.server.mergePatch(resources.pods, { ...metadata, subresource: 'status' }, { status });
  }

  /** SIGTERM: an SFU drains, and is killed at the end of its grace. */
  #end(uid: string, machine: Machine): void {
    const pod = this.#podBy(uid);
    if (pod === undefined || !machine.isConnected || !machine.isPowered) return;
    const running = this.#sfus.get(uid);
    if (running === undefined) {
      this.#gone(pod);
      return;
    }
    if (!running.sfu.isEnding) {
      running.sfu.isEnding = true;
      running.sfu.isDraining = true;
      this.#writeReady(pod, false);
    }
    this.#watchEnd(uid, machine);
  }

  #watchEnd(uid: string, machine: Machine): void {
    const { server, time } = this.#deps;
    const running = this.#sfus.get(uid);
    const pod = this.#podBy(uid);
    if (running === undefined || pod === undefined || !machine.isConnected) return;
    const leftMs = Date.parse(pod.metadata.deletionTimestamp ?? '') - server.nowMs;
    if (running.sfu.sessions === 0 || leftMs <= 0) this.#gone(pod);
    else time.after(Math.min(leftMs, 1_000), () => this.#watchEnd(uid, machine));
  }

  #gone({ metadata }: KubeObject): void {
    this.#deps.server.delete(resources.pods, metadata, { uid: metadata.uid ?? '', gracePeriodSeconds: 0 });
  }

  #kill({ metadata }: KubeObject): void {
    const uid = metadata.uid ?? '';
    const running = this.#sfus.get(uid);
    if (running === undefined) return;
    this.#sfus.delete(uid);
    this.#deps.onEnd({ ...running, how: running.sfu.sessions === 0 ? 'Drained' : 'Killed' });
  }

  #podBy(uid: string): KubeObject | undefined {
    return this.#deps.server.list(resources.pods).find(({ metadata }) => metadata.uid === uid);
  }

  #soon(what: keyof typeof delays, run: () => void): void {
    const [min, max] = delays[what];
    this.#deps.time.after(this.#deps.random.between(min, max), run);
  }
}

/** core/v1 Taint. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

const unreachable: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };

function addressesOf({ address }: Machine): readonly object[] {
  return [{ type: 'InternalIP', address }];
}

function imageOf(pod: KubeObject): string {
  const { containers = [] } = pod['spec'] as { readonly containers?: readonly { readonly image: string }[] };
  return containers[0]?.image ?? '';
}
