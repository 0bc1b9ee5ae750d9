/**
 * Every kind we touch, and with which verbs. A test compares the chart's RBAC
 * with this table, and this table with the requests a running operator sent.
 */
import { apiGroup, apiVersionName } from '../api/rtccluster.ts';
import type { Resource } from './api.ts';

/** The verbs of Kubernetes RBAC that we use. An apply is `patch` and, where the object is new, `create`. */
export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

const core = (plural: string, kind: string): Resource => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
});

/** Pods. */
export const pods = core('pods', 'Pod');
/** Services. */
export const services = core('services', 'Service');
/** ConfigMaps. */
export const configMaps = core('configmaps', 'ConfigMap');
/** Secrets. */
export const secrets = core('secrets', 'Secret');
/** Namespaces, to know of one that is being deleted. */
export const namespaces: Resource = { ...core('namespaces', 'Namespace'), namespaced: false };
/** Nodes. */
export const nodes: Resource = { ...core('nodes', 'Node'), namespaced: false };
/** PodDisruptionBudgets. */
export const podDisruptionBudgets: Resource = {
  group: 'policy',
  version: 'v1',
  plural: 'poddisruptionbudgets',
  kind: 'PodDisruptionBudget',
  namespaced: true,
};
/** ControllerRevisions: what each revision of the SFU pods is made from. */
export const controllerRevisions: Resource = {
  group: 'apps',
  version: 'v1',
  plural: 'controllerrevisions',
  kind: 'ControllerRevision',
  namespaced: true,
};
/** Certificates of cert-manager, which may not be there. */
export const certificates: Resource = {
  group: 'cert-manager.io',
  version: 'v1',
  plural: 'certificates',
  kind: 'Certificate',
  namespaced: true,
};
/** Events of the newer API group: the older one has no series. */
export const events: Resource = {
  group: 'events.k8s.io',
  version: 'v1',
  plural: 'events',
  kind: 'Event',
  namespaced: true,
};
/** Leases: one of them elects the leader. */
export const leases: Resource = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
};
/** Our own kind: groups of SFU pods. */
export const rtcclusters: Resource = {
  group: apiGroup,
  version: apiVersionName,
  plural: 'rtcclusters',
  kind: 'RTCCluster',
  namespaced: true,
};
/** The other one: groups of TURN servers. */
export const turnservers: Resource = {
  group: apiGroup,
  version: apiVersionName,
  plural: 'turnservers',
  kind: 'TurnServer',
  namespaced: true,
};

/** Rights on one kind, or on a subresource of it. */
export interface Right {
  readonly resource: Resource;
  readonly subresource?: 'status' | 'finalizers';
  readonly verbs: readonly Verb[];
}

/** What it also needs in namespaces that binding Secrets are copied to. */
export const bindingRights: readonly Right[] = [
  { resource: secrets, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
];

/** All that the operator ever asks for where RTCClusters and TurnServers are. */
export const rights: readonly Right[] = [
  { resource: rtcclusters, verbs: ['list', 'watch', 'patch'] },
  { resource: rtcclusters, subresource: 'status', verbs: ['patch'] },
  // Asked by the admission plugin OwnerReferencesPermissionEnforcement (on by default on OpenShift).
  { resource: rtcclusters, subresource: 'finalizers', verbs: ['update'] },
  { resource: turnservers, verbs: ['list', 'watch', 'patch'] },
  { resource: turnservers, subresource: 'status', verbs: ['patch'] },
  { resource: turnservers, subresource: 'finalizers', verbs: ['update'] },
  { resource: pods, verbs: ['list', 'watch', 'create', 'patch', 'delete'] },
  { resource: services, verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  { resource: configMaps, verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  { resource: secrets, verbs: ['get', 'list', 'watch', 'create', 'patch'] },
  { resource: podDisruptionBudgets, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  { resource: controllerRevisions, verbs: ['list', 'watch', 'create', 'patch', 'delete'] },
  { resource: certificates, verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  { resource: nodes, verbs: ['list', 'watch'] },
  { resource: namespaces, verbs: ['list', 'watch'] },
  { resource: events, verbs: ['create', 'patch'] },
  { resource: leases, verbs: ['get', 'create', 'update'] },
];
