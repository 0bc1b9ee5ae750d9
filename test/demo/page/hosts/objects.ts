/** Objects as Kubernetes has them, for tests of the host page. */
import { annotations, labels } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';
import type { Seen } from '../../../../demo/page/hosts/picture.ts';
import type { Person } from '../../../../demo/page/server/pageMessages.ts';

/** A pod of the cluster `calls`, on a node of its own. */
export function podObject(index: number, found: Readonly<Record<string, string>> = {}): KubeObject {
  return {
    ...{ apiVersion: 'v1', kind: 'Pod' },
    metadata: {
      ...{ name: `calls-sfu-${index}`, namespace: 'default', uid: `uid-${index}` },
      ...{ labels: { [labels.cluster]: 'calls', [labels.role]: 'sfu' }, annotations: found },
    },
    spec: { nodeName: `n${index + 1}` },
    status: { podIP: `127.0.1.${index + 1}` },
  };
}

/** The same, asked to drain. */
export const askedToDrain = { [annotations.requestedState]: 'Draining' };

/** The RTCCluster, with these members. */
export function clusterObject(...members: readonly object[]): KubeObject {
  return {
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster' },
    metadata: { name: 'calls', namespace: 'default', uid: 'u', generation: 1, annotations: {} },
    spec: {},
    status: { members },
  };
}

/** Somebody in a call. */
export function personNamed(name: string): Person {
  return {
    ...{ sessionID: name, name },
    ...{ isMuted: false, isSpeaking: false, isSharing: false, hasVideo: false },
  };
}

/** Nothing but what is given. */
export function seen(change: Partial<Seen>): Seen {
  return {
    ...{ unwatched: null, cluster: undefined, pods: [], events: [], facts: new Map(), hosts: [], calls: [] },
    ...change,
  };
}
