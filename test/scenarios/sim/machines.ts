/**
 * Light nodes: machines with an address, power and a network, and what Kubernetes knows of them. Pods get there by
 * `scheduler.ts` and live there by `kubelet.ts`.
 */
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { createSoon } from './delays.ts';
import { Kubelet, type End } from './kubelet.ts';
import { canReport, type Machine, type MachineServer, type Taint, type Way } from './machine.ts';
import type { Random } from './random.ts';
import type { Place } from './probes.ts';
import { startScheduler } from './scheduler.ts';
import type { FakeSfu } from './sfu.ts';
import type { Timeline } from './time.ts';

/** What machines are made of. */
export interface MachinesDeps {
  readonly server: MachineServer;
  readonly time: Timeline;
  readonly random: Random;
  /** An SFU begins to listen on its machine. Default: nothing more happens. */
  readonly onStart?: (sfu: FakeSfu, machine: Machine) => void;
  readonly onEnd: (end: End) => void;
}

/** How long a node may be silent before Kubernetes gives it up. */
const nodeGraceMs = 40_000;

/** See the file comment. */
export class Machines {
  readonly #deps: MachinesDeps;
  readonly #machines = new Map<string, Machine>();
  readonly #kubelet: Kubelet;

  constructor(deps: MachinesDeps) {
    this.#deps = deps;
    const { server, time, random } = deps;
    const soon = createSoon(time, random);
    this.#kubelet = new Kubelet({ ...deps, soon, machineOf: (node) => this.#machines.get(node) });
    startScheduler({ server, random, soon });
  }

  get all(): readonly Machine[] {
    return [...this.#machines.values()];
  }

  get running(): readonly FakeSfu[] {
    return this.#kubelet.running;
  }

  /** The SFU that listens on this address. */
  sfuAt(address: string): FakeSfu | undefined {
    return this.#kubelet.sfuAt(address);
  }

  /** The same with its machine. */
  placeAt(address: string): Place | undefined {
    return this.#kubelet.placeAt(address);
  }

  sfuOf(podUid: string): FakeSfu | undefined {
    return this.#kubelet.sfuOf(podUid);
  }

  add(name: string, address: string, labels: Readonly<Record<string, string>> = {}): Machine {
    const machine = {
      name,
      address,
      isPowered: true,
      isConnected: true,
      images: new Set<string>(),
      closed: new Set<Way>(),
    };
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
    this.#kubelet.cutPower(machine);
    this.#goesSilent(machine);
  }

  /** Media goes on, the API server hears nothing. */
  disconnect(machine: Machine): void {
    machine.isConnected = false;
    this.#goesSilent(machine);
  }

  /** Power and network are back, unless the machine was taken away for good meanwhile. */
  restore(machine: Machine): void {
    if (this.#deps.server.find(resources.nodes, machine) === undefined) return;
    machine.isPowered = true;
    machine.isConnected = true;
    this.#report(machine, { conditions: [{ type: 'Ready', status: 'True' }] });
    this.taint(machine.name, [unreachable], false);
    for (const pod of this.#podsOn(machine)) this.#kubelet.tend(pod, machine);
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
      if (canReport(machine)) return;
      if (this.#deps.server.find(resources.nodes, machine) === undefined) return;
      this.#report(machine, { conditions: [{ type: 'Ready', status: 'Unknown' }] });
      this.taint(machine.name, [unreachable], true);
      this.#kubelet.lose(this.#podsOn(machine));
    });
  }

  #report({ name }: Machine, status: object): void {
    this.#deps.server.mergePatch(resources.nodes, { name, subresource: 'status' }, { status });
  }

  #podsOn({ name }: Machine): KubeObject[] {
    return this.#deps.server.list(resources.pods).filter((pod) => nodeNameOf(pod) === name);
  }
}

const unreachable: Taint = { key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' };

function addressesOf({ address }: Machine): readonly object[] {
  return [{ type: 'InternalIP', address }];
}
