/** One TurnServer in a simulated API server, and the real reconciler over it, until it has nothing left to do. */
import { turnServerSchema } from '../../../../operator/api/turnserver.ts';
import type { Facts } from '../../../../operator/fleet/pod.ts';
import * as resources from '../../../../operator/kube/resources.ts';
import { createMemory } from '../../../../operator/reconcile/memory.ts';
import { observeTurn, type TurnObserved } from '../../../../operator/reconcile/turn/observe.ts';
import type { Noted } from '../../../../operator/record/decision.ts';
import { createJournal, type Journal } from '../../../../operator/record/journal.ts';
import { reconcileTurn, type TurnReconcilerDeps } from '../../../../operator/reconcile/turn/reconcile.ts';
import { SimApiServer } from '../../../scenarios/sim/apiServer.ts';
import { before, nowMs } from '../../../support/pods.ts';
import { nodesOf } from '../situation.ts';
import { quietDeps, readerOf, resourceOf, settled, storesOf } from '../simulated.ts';
import type { World } from '../world.ts';
import type { TurnSituation } from './situation.ts';

const key = { namespace: 'mattermost', name: 'edge' };

type Spec = Readonly<Record<string, unknown>>;

/** One with a TurnServer in it. */
export interface TurnWorld extends World {
  /** As it is at this moment. */
  observe(): TurnObserved;
  /** The decisions so far, as they are remembered for people. */
  readonly journal: Journal;
}

/** A world in which `situation` holds and the spec is `spec`. */
export function createTurnWorld(spec: Spec, situation: TurnSituation): TurnWorld {
  const api = new SimApiServer(() => nowMs);
  const object = {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'TurnServer',
    metadata: { ...key, uid: 'turn-uid', ...situation.metadata },
    spec,
  };
  api.create(resources.turnservers, object);
  const server = turnServerSchema.parse(api.get(resources.turnservers, key));
  const known = new Map<string, Facts>();
  for (const node of situation.nodes ?? nodesOf(3)) api.create(resources.nodes, node);
  for (const other of situation.others?.(server) ?? []) api.create(resourceOf(other), other);
  for (const { object: pod, facts } of situation.pods?.(server) ?? []) {
    api.create(resources.pods, pod);
    known.set(pod.metadata.uid ?? '', facts);
  }
  const steered: object[] = [];
  const journal = createJournal();
  const deps = { ...depsOf(api, known, steered), note: (noted: Noted) => journal.note(noted) };
  const settle = (): Promise<unknown> => settled(api, steered, () => reconcileTurn(key, deps));
  return {
    ...{ settle, journal },
    observe() {
      const observed = observeTurn(key, { ...deps, stores: deps.stores!, nowMs });
      if (observed === undefined) throw new RangeError('the TurnServer is gone');
      return observed;
    },
    settleWith(next) {
      api.replace(resources.turnservers, { ...api.get(resources.turnservers, key), spec: next });
      return settle();
    },
  };
}

function depsOf(api: SimApiServer, known: ReadonlyMap<string, Facts>, steered: object[]): TurnReconcilerDeps {
  const around = storesOf(api);
  return {
    ...quietDeps(api, known, steered),
    ...{ operatorsImage: 'operator', memory: createMemory(), around },
    stores: { ...around, servers: readerOf(api, resources.turnservers) },
    ourPods: () => api.list(resources.pods),
    consumersOf: () => ({
      consumers: [{ name: 'mattermost/app-0', startedMs: before(1000) }],
      unseen: [],
    }),
    spareSecret: () => 'spare-secret',
  };
}
