/** How each deed of a scenario is done to the world. */
import type { KubeObject } from '../../../operator/kube/api.ts';
import * as resources from '../../../operator/kube/resources.ts';
import { nodeNameOf } from '../../../operator/reconcile/nodeView.ts';
import { personDeeds } from './kinds/personDeeds.ts';
import { autoscalerDeeds } from './kinds/autoscalerDeeds.ts';
import { probeDeeds } from './kinds/probeDeeds.ts';
import { replicaDeeds } from './kinds/replicaDeeds.ts';
import { nodeName, type Machine, type Taint } from './machine.ts';
import { isSelected } from './objects.ts';
import type { Deed, WeatherKind } from './scenario.ts';
import { fairWeather, type Weather } from './weather.ts';
import { clusterKey, type World } from './world.ts';

/** What a scenario does to its calls. */
export interface Callers {
  begin(sessions: number): void;
}

type Done<K extends Deed['kind']> = (
  world: World,
  deed: Extract<Deed, { kind: K }>,
  callers: Callers,
) => void;

/** Does one. What is not there is left alone. */
export function doDeed(world: World, deed: Deed, callers: Callers): void {
  const run = deeds[deed.kind] as (world: World, deed: Deed, callers: Callers) => void;
  run(world, deed, callers);
}

const deeds: { readonly [K in Deed['kind']]: Done<K> } = {
  scale: (world, { replicas }) => patchSpec(world, numberOf(world, replicas)),
  image: (world, { tag }) => patchSpec(world, { engine: { image: `sfu:${tag}` } }),
  cordon: (world, { node }) => cordon(world, nodeName(node), true),
  uncordon: (world, { node }) => cordon(world, nodeName(node), false),
  drainNode(world, { node }) {
    cordon(world, nodeName(node), true);
    evict(world, nodeName(node));
  },
  spot(world, { node }) {
    world.machines.taint(nodeName(node), [spotTaint], true);
    world.time.after(120_000, () => goAway(world, node));
  },
  deleteNode: goAwayBy,
  powerOff(world, { node, forMs }) {
    onMachine(world, node, (machine) => {
      world.machines.powerOff(machine);
      world.time.after(forMs, () => world.machines.restore(machine));
    });
  },
  disconnect(world, { node, forMs }) {
    onMachine(world, node, (machine) => {
      world.machines.disconnect(machine);
      world.time.after(forMs, () => world.machines.restore(machine));
    });
  },
  silence(world, { node, forMs }) {
    onMachine(world, node, ({ address }) => {
      const sfu = world.machines.sfuAt(address);
      if (sfu === undefined) return;
      sfu.isSilent = true;
      world.time.after(forMs, () => (sfu.isSilent = false));
    });
  },
  readdress(world, { node }) {
    onMachine(world, node, (machine) =>
      world.machines.readdress(machine, machine.address.replace('.0.', '.1.')),
    );
  },
  deletePod(world, { node }) {
    for (const pod of podsOn(world, nodeName(node))) world.server.delete(resources.pods, pod.metadata);
  },
  crash: (world, { operator, downMs }) => world.crashOperator(operator, downMs),
  clockJump(world, { operator, byMs }) {
    for (const process of world.operators)
      if (process.name.startsWith(operator)) process.clock.skewMs += byMs;
  },
  weather(world, { which, forMs }) {
    Object.assign(world.weather, kinds[which]);
    world.time.after(forMs, () => Object.assign(world.weather, fairWeather()));
  },
  compact: ({ server }) => server.compact(),
  calls(_, { count, sessions }, callers) {
    for (let left = count; left > 0; left -= 1) callers.begin(sessions);
  },
  deleteCluster(world) {
    if (world.cluster !== undefined) world.server.delete(resources.rtcclusters, clusterKey);
  },
  ...personDeeds,
  ...replicaDeeds,
  ...probeDeeds,
  ...autoscalerDeeds,
};

const spotTaint: Taint = { key: 'aws-node-termination-handler/spot-itn', effect: 'NoSchedule' };

const kinds: Readonly<Record<WeatherKind, Partial<Weather>>> = {
  down: { isDown: true },
  refusing: { refusedShare: 0.4, statuses: [500, 503] },
  throttling: { refusedShare: 0.5, statuses: [429] },
  conflicting: { refusedShare: 0.4, statuses: [409] },
  lossy: { cutShare: 0.15, lostAnswerShare: 0.3 },
  slow: { requestMs: 5_000 },
  stuttering: { repeatedShare: 0.3, eventMs: 8_000 },
  halfOpen: { halfOpenShare: 0.3 },
  breaking: { brokenShare: 0.3 },
};

function goAwayBy(world: World, { node }: { readonly node: number }): void {
  goAway(world, node);
}

/** The machine is gone for good, and so is its Node; its pods are collected a minute later. */
function goAway(world: World, node: number): void {
  const name = nodeName(node);
  onMachine(world, node, (machine) => world.machines.powerOff(machine));
  if (world.server.find(resources.nodes, { name }) !== undefined)
    world.server.delete(resources.nodes, { name });
  world.time.after(60_000, () => {
    for (const { metadata } of podsOn(world, name))
      world.server.delete(resources.pods, metadata, { gracePeriodSeconds: 0 });
  });
}

/** Whatever the mode: that many, or no fewer. */
function numberOf({ cluster }: World, replicas: number): object {
  const { scaling } = (cluster?.['spec'] ?? {}) as { readonly scaling?: { readonly mode?: string } };
  const discovery = { minPublished: 1 };
  if (scaling?.mode !== 'Auto') return { replicas, discovery };
  return { scaling: { minPods: replicas, maxPods: replicas + 2 }, discovery };
}

function patchSpec(world: World, spec: object): void {
  if (world.cluster !== undefined) world.server.mergePatch(resources.rtcclusters, clusterKey, { spec });
}

function cordon({ server }: World, name: string, isCordoned: boolean): void {
  if (server.find(resources.nodes, { name }) !== undefined)
    server.mergePatch(resources.nodes, { name }, { spec: { unschedulable: isCordoned ? true : null } });
}

/** `kubectl drain`: asks for evictions again and again until the node is empty or open again. */
function evict(world: World, name: string): void {
  const node = world.server.find(resources.nodes, { name });
  const isCordoned =
    (node?.['spec'] as { readonly unschedulable?: boolean } | undefined)?.unschedulable === true;
  const pods = podsOn(world, name).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (!isCordoned || pods.length === 0) return;
  for (const pod of pods) if (!isGuarded(world, pod)) world.server.delete(resources.pods, pod.metadata);
  world.time.after(5_000, () => evict(world, name));
}

/** A PodDisruptionBudget selects it: ours never allow a disruption. */
function isGuarded({ server }: World, pod: KubeObject): boolean {
  return server.list(resources.podDisruptionBudgets).some((budget) => {
    const { selector } = budget['spec'] as { selector: { matchLabels: Readonly<Record<string, string>> } };
    const terms = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
    return isSelected(pod, terms.join(','));
  });
}

function podsOn({ server }: World, node: string): KubeObject[] {
  return server.list(resources.pods).filter((pod) => nodeNameOf(pod) === node);
}

function onMachine({ machines }: World, node: number, run: (machine: Machine) => void): void {
  const machine = machines.all.find(({ name }) => name === nodeName(node));
  if (machine?.isPowered === true && machine.isConnected) run(machine);
}
