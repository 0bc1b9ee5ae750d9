/** The word of a scheduler: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/binding-v1/ */
import type { KubeApi, KubeObject, ObjectKey, Resource } from '../../operator/kube/api.ts';

const bindings: Resource = {
  group: '',
  version: 'v1',
  plural: 'bindings',
  kind: 'Binding',
  namespaced: true,
};

/** Puts a pod on a node. Rejects when it is gone, or has one. */
export async function bindPod(kube: KubeApi, metadata: ObjectKey, node: string): Promise<void> {
  const target = { apiVersion: 'v1', kind: 'Node', name: node };
  const binding: KubeObject = { apiVersion: 'v1', kind: 'Binding', metadata, target };
  await kube.create(bindings, binding);
}
