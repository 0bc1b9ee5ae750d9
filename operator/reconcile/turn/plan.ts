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
  /** Of the secrets and peers that pods are to read. */
  readonly dataDigest: string;
  readonly revision: string;
  /** The operator's own image: the agent is in it. */
  readonly operatorsImage: string;
  readonly pods: readonly KubeObject[];
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

/** Secrets and peers go on meanwhile: what drains may still need them. */
function ending(input: TurnPlanInput): Action[] {
  const { server, object, pods, isNamespaceEnding, nowMs } = input;
  const { finalizers } = server.metadata;
  const isOver = isNamespaceEnding || server.spec.deletionPolicy === 'Immediate' || areOver(pods, nowMs);
  const release = isOver ? letGo(object, finalizers) : [];
  if (!isNamespaceEnding) return [...marks(input), ...podDeletions(input), ...release];
  const goodbye = lastWords(input, input.fleet.spec.drain);
  return [...podDeletions(input), ...goodbye, ...release, ...marks(input)];
}

function marks(input: TurnPlanInput): Action[] {
  const { fleet, nowMs, dataDigest } = input;
  const ours = { [annotations.turnData]: dataDigest };
  return markActions(input, { cluster: fleet, apiNames: [], nowMs, annotations: ours });
}

function creations(input: TurnPlanInput): Action[] {
  const { server, operatorsImage, revision, decision } = input;
  const surge = { [annotations.surge]: 'true' };
  return podCreations(input, {
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
