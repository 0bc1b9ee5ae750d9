/** Starts, ends and reports the pods of all machines; images and starts take time, grace periods are honoured. */
import { annotations } from '../../../operator/desired/names.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import type { Soon } from './delays.ts';
import { canReport, type Machine, type MachineServer } from './machine.ts';
import type { Place } from './probes.ts';
import { FakeSfu } from './sfu.ts';
import type { Timeline } from './time.ts';

/** How an SFU came to its end. */
export interface End {
  readonly sfu: FakeSfu;
  readonly pod: string;
  /** Drained: its last session had ended. Killed: at the end of its grace, or at once. PowerLoss: the machine is gone. */
  readonly how: 'Drained' | 'Killed' | 'PowerLoss';
}

/** What it is made of. */
export interface KubeletDeps {
  readonly server: MachineServer;
  readonly time: Timeline;
  readonly soon: Soon;
  readonly machineOf: (node: string) => Machine | undefined;
  readonly onStart?: (sfu: FakeSfu, machine: Machine) => void;
  readonly onEnd: (end: End) => void;
}

/** One SFU process. */
interface Running {
  readonly sfu: FakeSfu;
  readonly machine: Machine;
  readonly pod: string;
}

/** See the file comment. */
export class Kubelet {
  readonly #deps: KubeletDeps;
  /** By pod uid. */
  readonly #running = new Map<string, Running>();
  readonly #begun = new Set<string>();

  constructor(deps: KubeletDeps) {
    this.#deps = deps;
    deps.server.subscribe(({ resource, type, object }) => {
      if (resource.kind !== 'Pod') return;
      const machine = deps.machineOf(nodeNameOf(object) ?? '');
      if (type === 'DELETED') this.#kill(object);
      else if (machine !== undefined) this.tend(object, machine);
    });
  }

  get running(): readonly FakeSfu[] {
    return [...this.#running.values()].map(({ sfu }) => sfu);
  }

  /** The SFU that listens on this address. */
  sfuAt(address: string): FakeSfu | undefined {
    return this.placeAt(address)?.sfu;
  }

  /** The same with its machine. */
  placeAt(address: string): Place | undefined {
    return [...this.#running.values()].find(
      ({ machine }) => machine.address === address && machine.isPowered,
    );
  }

  sfuOf(podUid: string): FakeSfu | undefined {
    return this.#running.get(podUid)?.sfu;
  }

  /** What a kubelet does when it sees the pod. */
  tend(pod: KubeObject, machine: Machine): void {
    const { soon } = this.#deps;
    const { uid = '', deletionTimestamp } = pod.metadata;
    if (!canReport(machine)) return;
    const running = this.#running.get(uid);
    if (deletionTimestamp !== undefined) soon('notice', () => this.#end(uid, machine));
    else if (running !== undefined) soon('project', () => this.#reportReady(uid, machine));
    else if (!this.#begun.has(uid)) {
      this.#begun.add(uid);
      soon(machine.images.has(imageOf(pod)) ? 'notice' : 'pull', () =>
        soon('start', () => this.#start(uid, machine)),
      );
    }
  }

  /** Nobody hears of the pods on it any more. */
  lose(pods: readonly KubeObject[]): void {
    for (const pod of pods) this.#writeReady(pod, false);
  }

  /** Everything on it ends, and nobody says so. */
  cutPower(machine: Machine): void {
    for (const [uid, { machine: on, sfu, pod }] of [...this.#running])
      if (on === machine) {
        this.#running.delete(uid);
        this.#begun.delete(uid);
        this.#deps.onEnd({ sfu, pod, how: 'PowerLoss' });
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
    this.#running.set(uid, { sfu, machine, pod: pod.metadata.name });
    this.#deps.onStart?.(sfu, machine);
    this.#deps.soon('notice', () => this.#reportReady(uid, machine));
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
    const running = this.#running.get(uid);
    if (pod === undefined || running === undefined || !canReport(machine)) return;
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
    if (pod === undefined || !canReport(machine)) return;
    const running = this.#running.get(uid);
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
    const running = this.#running.get(uid);
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
    const running = this.#running.get(uid);
    if (running === undefined) return;
    this.#running.delete(uid);
    this.#deps.onEnd({ ...running, how: running.sfu.sessions === 0 ? 'Drained' : 'Killed' });
  }

  #podBy(uid: string): KubeObject | undefined {
    return this.#deps.server.list(resources.pods).find(({ metadata }) => metadata.uid === uid);
  }
}

/** Of its one container. */
export function imageOf(pod: KubeObject): string {
  const { containers = [] } = pod['spec'] as { readonly containers?: readonly { readonly image: string }[] };
  return containers[0]?.image ?? '';
}
