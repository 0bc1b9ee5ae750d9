/** The situations that a field of a TurnServer can matter in. All begin with three well nodes. */
import type { TurnServer } from '../../../../operator/api/turnserver.ts';
import { annotations, labels } from '../../../../operator/desired/names.ts';
import { turnPod } from '../../../../operator/desired/turn/pod.ts';
import { turnRevision } from '../../../../operator/desired/turn/revision.ts';
import type { Facts } from '../../../../operator/fleet/pod.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import { secretHash } from '../../../../operator/turn/secretHash.ts';
import { before } from '../../../support/pods.ts';

/** The secret of every situation with pods. */
export const shared = 'shared-secret-of-thirty-two-chars';

/** What is there beside the TurnServer. `server` is as it is before the field is set. */
export interface TurnSituation {
  /** Of the TurnServer, beside its name. */
  readonly metadata?: Partial<KubeObject['metadata']>;
  /** Default: three well ones. */
  readonly nodes?: readonly KubeObject[];
  readonly pods?: (server: TurnServer) => readonly { readonly object: KubeObject; readonly facts: Facts }[];
  readonly others?: (server: TurnServer) => readonly KubeObject[];
}

/** Nothing but three nodes. */
export const fresh: TurnSituation = {};

/** What is special about a pod: published and idle for two hours when nothing is. */
export interface TurnPodChange {
  readonly revision?: string;
  readonly allocations?: number;
  /** Clients are told the internal address of its node, not the public one. */
  readonly isInside?: true;
  /** Reason and how long ago it began. */
  readonly drain?: { readonly reason: string; readonly agoMs: number };
}

const timeOf = (agoMs: number): string => new Date(before(agoMs)).toISOString();

/** The shared Secret; `change` is laid over its data, already encoded, and its annotations. */
export function authSecret({
  keys = {},
  notes = {},
}: {
  readonly keys?: Readonly<Record<string, string>>;
  readonly notes?: Readonly<Record<string, string>>;
} = {}): KubeObject {
  const data = Object.entries({ secret: shared, ...keys }).map(
    ([key, value]) => [key, Buffer.from(value).toString('base64')] as const,
  );
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      namespace: 'mattermost',
      name: 'edge-turn',
      uid: 'auth-uid',
      labels: { [labels.turnServer]: 'edge' },
      annotations: {
        'rtc.progressnet.gr/turn-secret-since': timeOf(200_000_000),
        'rtc.progressnet.gr/turn-longest-ttl': '14400',
        ...notes,
      },
    },
    data: Object.fromEntries(data),
  };
}

/** As many pods as there are changes, each on a node of its own, and the Secret that they know. */
export function running(...changes: readonly TurnPodChange[]): TurnSituation {
  return {
    pods: (server) => changes.map((change, index) => podOf(server, index, change)),
    others: () => [authSecret()],
  };
}

function podOf(
  server: TurnServer,
  index: number,
  change: TurnPodChange,
): { readonly object: KubeObject; readonly facts: Facts } {
  const { revision = turnRevision(server), allocations = 0, drain } = change;
  const made = turnPod(server, index, { operatorsImage: 'operator', revision }) as KubeObject;
  const ip = `10.99.0.${index + 11}`;
  const address = change.isInside ? ip : `203.0.113.${index + 11}`;
  const hash = secretHash(shared);
  const object = {
    ...made,
    metadata: {
      ...made.metadata,
      uid: `pod-${index}`,
      creationTimestamp: timeOf(7_200_000),
      labels: {
        ...made.metadata.labels,
        [labels.busy]: 'true',
        ...(drain === undefined && { [labels.published]: 'true' }),
      },
      annotations: {
        [annotations.address]: address,
        [annotations.publishedSince]: timeOf(7_000_000),
        [annotations.firstPublished]: timeOf(7_000_000),
        ...(drain && {
          [annotations.drain]: drain.reason,
          [annotations.drainStarted]: timeOf(drain.agoMs),
        }),
      },
    },
    spec: { ...(made['spec'] as object), nodeName: `n${index + 1}` },
    status: {
      phase: 'Running',
      podIP: ip,
      hostIP: ip,
      conditions: ['PodScheduled', 'Ready'].map((type) => ({ type, status: 'True' })),
    },
  };
  const facts: Facts = {
    answered: true,
    version: '4.18.0',
    sessions: allocations,
    load: 0,
    isDraining: drain !== undefined,
    ...(allocations === 0 && { sessionlessSinceMs: before(3_600_000) }),
    turn: { secrets: [hash], peersDigest: '', certificate: null, trials: { [hash]: { ok: true } } },
  };
  return { object, facts };
}
