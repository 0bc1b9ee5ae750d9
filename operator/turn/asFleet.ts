/**
 * A TurnServer as the fleet sees one: states, drains, deadlines, rollouts and departures are those of SFU pods, with
 * the words of `fleet/words.ts`. What the fleet reads of a spec and a TurnServer does not have is fixed here.
 */
import type { RtcCluster } from '../api/rtccluster.ts';
import { specSchema } from '../api/rtcclusterSpec.ts';
import { soonestSeconds } from '../api/spec/turn/lifecycle.ts';
import type { TurnServer } from '../api/turnserver.ts';

const defaults = specSchema.parse({});

/**
 * How long after a pod is unpublished new allocations may still come: the DNS time-to-live of a headless Service.
 * A client with an older list tries its next server when this one refuses, so that longer is not worth its while.
 */
const propagationSeconds = 10;
/** coturn refuses new allocations by then: a count of 0 stays 0. */
const sessionlessSeconds = 5;

/** `wanted` is the number of pods to be. */
export function asFleet({ metadata, spec }: TurnServer, wanted: number): RtcCluster {
  const { placement, network, update, disruption, deletionPolicy } = spec;
  return {
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'RTCCluster',
    metadata,
    spec: {
      ...defaults,
      replicas: wanted,
      scaling: {
        ...defaults.scaling,
        mode: 'Manual',
        behavior: { ...defaults.scaling.behavior, reuseDraining: 'Never' },
      },
      drain: drainOf(spec.drain),
      update: {
        ...defaults.update,
        ...{ strategy: update.strategy, maxUnavailable: update.maxUnavailable },
        ...{ canary: { pods: 0, bakeSeconds: 0 }, onFailure: 'Pause' },
      },
      network: { ...defaults.network, address: addressOf(network) },
      placement,
      disruption: { ...defaults.disruption, budget: disruption.budget },
      deletionPolicy,
    },
    status: {},
  };
}

/** A person who waits for a deletion, and a node that is to go, wait no longer than for any other drain, and not for ever. */
function drainOf({ policy, timeoutSeconds }: TurnServer['spec']['drain']): RtcCluster['spec']['drain'] {
  const overrides = Object.entries(soonestSeconds).map(([reason, seconds]) => ({
    reason: reason as keyof typeof soonestSeconds,
    policy: 'ForceAfter' as const,
    timeoutSeconds: policy === 'Wait' ? seconds : Math.min(seconds, timeoutSeconds),
  }));
  return { ...defaults.drain, policy, timeoutSeconds, propagationSeconds, sessionlessSeconds, overrides };
}

/** Behind a load balancer nobody reaches the node's address, so that any will do. */
function addressOf({
  mode,
  address,
}: TurnServer['spec']['network']): RtcCluster['spec']['network']['address'] {
  const { sources, require } = address;
  const base = { ...defaults.network.address, advertise: 'External', verify: 'Off' } as const;
  if (mode === 'LoadBalancer') return { ...base, sources: [{ type: 'NodeInternalIP' }], require: 'Any' };
  return { ...base, sources, require };
}
