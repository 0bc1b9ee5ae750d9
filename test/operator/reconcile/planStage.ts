/** A cluster with all its children and no pods, and what tests of plans ask of it. */
import { finalizer } from '../../../operator/desired/names.ts';
import { desiredChildren } from '../../../operator/desired/rtccluster.ts';
import { revisionInputs } from '../../../operator/desired/revision.ts';
import { revisionObject } from '../../../operator/desired/revisionRecord.ts';
import { podTemplate } from '../../../operator/desired/sfuPod.ts';
import type { FleetDecision } from '../../../operator/fleet/decide.ts';
import type { Member } from '../../../operator/fleet/members.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import type { Action } from '../../../operator/reconcile/action.ts';
import { plan, type PlanInput } from '../../../operator/reconcile/plan.ts';
import { aDecision } from '../../support/decisions.ts';
import { aPod, nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const credentials = {
  adminKey: 'admin',
  clients: { mattermost: { clientID: 'id', authKey: 'key' } },
  problems: [],
};
/** Annotations of a cluster that knows its image. */
export const kept = { annotations: { 'rtc.progressnet.gr/default-image': 'image' } };
/** The cluster of all plans. */
export const cluster = aCluster({}, { finalizers: [finalizer], ...kept });
/** All that it is to have. */
export const children = desiredChildren(cluster, {
  credentials,
  clusterDomain: 'cluster.local',
  canIssue: true,
});
const inputs = revisionInputs(cluster, 'image');
const object = {
  apiVersion: 'a',
  kind: 'RTCCluster',
  metadata: cluster.metadata,
} as unknown as KubeObject;
/** Nothing is to become of any pod. */
export const nothing: FleetDecision = aDecision({ wanted: 2 });
/** A cluster with all its children and no pods, where nothing is to be done. */
export const settled: PlanInput = {
  cluster,
  object,
  children,
  decision: nothing,
  templateOf: () => podTemplate(cluster, 'image'),
  inputs,
  revisions: [{ ...revisionObject(cluster, inputs, 1) }],
  leftovers: [],
  operatorsImage: 'image',
  pods: [],
  others: [],
  isNamespaceEnding: false,
  found: [...children.createOnce, ...children.kept],
  apiNames: ['calls-rtcd.mattermost.svc'],
  copies: { wanted: [], namespaces: [], found: [], reach: {} },
  nowMs,
};

/** `type kind/name` of each action. */
export const planned = (change: Partial<PlanInput>): string[] => plan({ ...settled, ...change }).map(text);
/** `type kind/name`. */
export const text = ({ type, object: { kind, metadata } }: Action): string =>
  `${type} ${kind}/${metadata.name}`;
/** All children but those of a kind. */
export const foundWithout = (kind: string): KubeObject[] =>
  settled.found.filter((found) => found.kind !== kind);
/** All children, those of a kind with a change laid over. */
export const changed = (kind: string, change: object): KubeObject[] =>
  settled.found.map((found) => (found.kind === kind ? { ...found, ...change } : found));

/** A pod as the API has it. */
export const podObject = (name: string, change: Partial<KubeObject['metadata']> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    uid: `uid-${name}`,
    annotations: { 'rtc.progressnet.gr/address': '10.99.0.11' },
    ...change,
  },
});
/** A published pod, as decided. */
export const member = (name: string, change: Partial<Member> = {}): Member => ({
  pod: aPod({ name, marks: { isPublished: false } }),
  state: 'Published',
  isPublished: true,
  isBusy: false,
  address: '10.99.0.11',
  ...change,
});
/** A decision about these members. */
export const decided = (...members: readonly Member[]): FleetDecision => ({ ...nothing, members });
/** What each patch writes to metadata. */
export const metadataOf = (actions: readonly Action[]): unknown[] =>
  actions.map((action) => (action.type === 'patch' ? action.metadata : undefined));
