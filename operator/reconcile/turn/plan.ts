/** (desired, observed) → actions for a TurnServer, in the order they are run. Done, it is empty. PURE. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { TurnServer } from '../../api/turnserver.ts';
import { annotations } from '../../desired/names.ts';
import type { TurnChildren } from '../../desired/turn/children.ts';
import { turnNames } from '../../desired/turn/names.ts';
import { turnPod } from '../../desired/turn/pod.ts';
import type { FleetDecision } from '../../fleet/decide.ts';
import type { KubeObject } from '../../kube/api.ts';
import type { Rotation } from '../../turn/rotation/state.ts';
import type { Action } from '../action.ts';
import { childActions, credentialActions } from '../plan/children.ts';
import { areOver, holdBack, letGo } from '../plan/end.ts';
import { lastWords, markActions, podCreations, podDeletions } from '../plan/pods.ts';
import { authActions } from './authSecret.ts';

/** What a plan is made from. */
export interface TurnPlanInput {
  readonly server: TurnServer;
  /** As the fleet sees it. */
  readonly fleet: RtcCluster;
  /** The TurnServer as it was read. */
  readonly object: KubeObject;
  readonly decision: FleetDecision;
  readonly children: TurnChildren;
  readonly rotation: Rotation;
  /** The Secret with the shared secrets; absent: it is not there. */
  readonly auth: KubeObject | undefined;
  /** Of the secrets and peers that pods are to read; absent: there is none yet. */
  readonly dataDigest?: string;
  readonly revision: string;
  /** The operator's own image: the agent is in it. */
  readonly operatorsImage: string;
  readonly pods: readonly KubeObject[];
  /** Pods of other owners, in all namespaces. */
  readonly others: readonly KubeObject[];
  readonly isNamespaceEnding: boolean;
  readonly found: readonly KubeObject[];
  readonly nowMs: number;
}

/** The finalizer comes before anything it protects; the secrets before whoever is told of them. */
export function planTurn(input: TurnPlanInput): Action[] {
  const { server, object, found, children, rotation } = input;
  if (server.metadata.deletionTimestamp !== undefined) return ending(input);
  const owned = { owner: server, ...children, found };
  return [
    ...holdBack(object, server.metadata.finalizers, server.spec.deletionPolicy === 'Drain'),
    ...credentialActions(owned),
    ...authActions(server, input.auth, rotation),
    ...childActions(owned),
    ...marks(input),
    ...podDeletions(input),
    ...creations(input),
  ];
}

/**
 * Secrets and peers go on meanwhile: SFU pods may move under calls that still run. Nothing is made anew: a deletion
 * in the foreground takes children away first, and would meet them again and again.
 */
function ending(input: TurnPlanInput): Action[] {
  const { server, object, pods, isNamespaceEnding, nowMs } = input;
  const { finalizers } = server.metadata;
  const isOver = isNamespaceEnding || server.spec.deletionPolicy === 'Immediate' || areOver(pods, nowMs);
  const release = isOver ? letGo(object, finalizers) : [];
  if (!isNamespaceEnding) return [...renewals(input), ...marks(input), ...podDeletions(input), ...release];
  const goodbye = lastWords(input, input.fleet.spec.drain);
  return [...podDeletions(input), ...goodbye, ...release, ...marks(input)];
}

/** What is there, as it is to be. */
function renewals({ server, auth, rotation, children, found }: TurnPlanInput): Action[] {
  const isThere = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp === undefined;
  const owned = { owner: server, createOnce: [], kept: children.kept, found: found.filter(isThere) };
  return [
    ...(auth === undefined || !isThere(auth) ? [] : authActions(server, auth, rotation)),
    ...childActions(owned).filter((action) => action.type === 'apply' && !action.isNew),
  ];
}

function marks(input: TurnPlanInput): Action[] {
  const { fleet, nowMs, dataDigest } = input;
  const ours = dataDigest === undefined ? {} : { [annotations.turnData]: dataDigest };
  return markActions(input, { cluster: fleet, apiNames: [], nowMs, annotations: ours });
}

function creations(input: TurnPlanInput): Action[] {
  const { server, operatorsImage, revision, decision } = input;
  const surge = { [annotations.surge]: 'true' };
  return podCreations(input, {
    namespace: server.metadata.namespace,
    nameOf: (index) => turnNames.pod(server, index),
    make: (index, nth) => {
      const pod = turnPod(server, index, { operatorsImage, revision });
      if (nth < decision.create - decision.surge) return pod;
      return {
        ...pod,
        metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, ...surge } },
      };
    },
  });
}
