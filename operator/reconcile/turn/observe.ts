/** Reads everything that the reconcile of a TurnServer looks at, once, from memory: stores and last facts, no request. */
import { turnServerSchema, type TurnServer } from '../../api/turnserver.ts';
import type { SecretData } from '../../desired/credentials.ts';
import type { Issuance } from '../../desired/servedCertificate.ts';
import { labels } from '../../desired/names.ts';
import { turnNames } from '../../desired/turn/names.ts';
import type { AddressMaps } from '../../fleet/addressOn.ts';
import type { NodeView } from '../../fleet/nodes/node.ts';
import type { Facts, PodView } from '../../fleet/pod.ts';
import type { KubeObject, ObjectKey } from '../../kube/api.ts';
import type { StoreReader } from '../../kube/store.ts';
import { problemOf } from '../issuance.ts';
import { nodeView } from '../nodeView.ts';
import { byName, byNumber, dataByName, nodeOf, parsedAs, type Parsed } from '../observed.ts';
import type { Stores } from '../observe.ts';
import { isControlledBy } from '../owned.ts';
import { podView } from '../view.ts';
import type { TurnStores } from './caches.ts';
import { neighboursOf, type Neighbours } from './neighbours.ts';

/** One moment of one TurnServer. */
export interface TurnObserved extends Neighbours {
  /** As it was read. */
  readonly object: KubeObject;
  /** The same with defaults, or all that is wrong with it. */
  readonly server: Parsed<TurnServer>;
  readonly isNamespaceEnding: boolean;
  readonly pods: readonly KubeObject[];
  /** The same pods as the fleet sees them. */
  readonly views: readonly PodView[];
  /** All nodes there are; absent where we may not see them. */
  readonly nodes?: readonly NodeView[];
  /** Pods of others that take ports from nodes. */
  readonly others: readonly KubeObject[];
  /** All that carries the label of the TurnServer, but its pods. */
  readonly found: readonly KubeObject[];
  readonly secrets: SecretData;
  readonly configMaps: AddressMaps;
  /** What cert-manager makes of our Certificate; it is not asked as long as none is wanted. */
  readonly issuance: Issuance;
  readonly nowMs: number;
}

/** What observing needs. */
export interface TurnObserveDeps {
  readonly stores: TurnStores;
  /** What is known of RTCClusters and nodes. */
  readonly around: Stores;
  readonly factsOf: (uid: string) => Facts | undefined;
  readonly canReadNodes: () => boolean;
  /** All pods of ours, of both kinds. */
  readonly ourPods: () => readonly KubeObject[];
  readonly nowMs: number;
}

/** Undefined when there is no such TurnServer any more. */
export function observeTurn(key: ObjectKey, deps: TurnObserveDeps): TurnObserved | undefined {
  const { stores, around, nowMs } = deps;
  const object = stores.servers.get(key);
  if (object === undefined) return undefined;
  const { name, namespace = '', uid = '' } = object.metadata;
  const labelled = (store: StoreReader): KubeObject[] =>
    store.labelled(labels.turnServer, name).filter(({ metadata }) => metadata.namespace === namespace);
  const pods = byNumber(stores.pods.ownedBy(uid));
  const secrets = labelled(stores.secrets);
  const endsAt = around.namespaces.get({ name: namespace })?.metadata.deletionTimestamp;
  const server = parsedAs(turnServerSchema, object, endsAt);
  const nodes = deps.canReadNodes() ? around.nodes : undefined;
  return {
    ...{ object, server, pods, nowMs, isNamespaceEnding: endsAt !== undefined },
    views: pods.map((pod) =>
      podView(pod, { node: nodeOf(pod, nodes), facts: deps.factsOf(pod.metadata.uid ?? ''), nowMs }),
    ),
    ...(nodes && { nodes: byName(nodes.all()).map(nodeView) }),
    others: deps.ourPods().filter((pod) => !isControlledBy(pod, uid)),
    found: [stores.services, stores.configMaps, stores.budgets]
      .flatMap(labelled)
      .concat(secrets, labelled(stores.certificates.store)),
    secrets: dataByName(secrets),
    configMaps: dataByName(labelled(stores.configMaps)),
    issuance: server.ok ? turnIssuance(server.value, stores) : { availability: 'Unknown' },
    ...neighboursOf(object, {
      around,
      own: server.ok
        ? secrets.filter(({ metadata }) => metadata.name === turnNames.iceServersSecret(server.value))
        : [],
    }),
  };
}

function turnIssuance(server: TurnServer, { certificates }: TurnStores): Issuance {
  if (server.spec.tls.mode !== 'CertManager') return { availability: 'Unknown' };
  const { namespace } = server.metadata;
  const found = certificates.store.get({ namespace, name: turnNames.certificate(server) });
  const problem = found && problemOf(found);
  return { availability: certificates.want(), ...(problem !== undefined && { problem }) };
}
