/**
 * Per kind, the projection to the fields we own: what the API server fills in
 * and what others add is neither compared nor overwritten.
 */
import { annotations, labels } from '../desired/names.ts';
import type { KubeObject } from '../kube/api.ts';

type Fields = Readonly<Record<string, unknown>>;

const ownLabels = new Set<string>(Object.values(labels));

/** Of children other than pods, whose annotations are marks. */
const ownAnnotations = new Set<string>([annotations.externalDnsHostname, annotations.externalDnsTtl]);

/** Spec fields that we own, by kind; a kind that is missing here is compared by its data. */
const specFields: Readonly<Record<string, readonly string[]>> = {
  Service: ['clusterIP', 'selector', 'ports'],
  PodDisruptionBudget: ['minAvailable', 'unhealthyPodEvictionPolicy', 'selector'],
  Certificate: ['secretName', 'dnsNames', 'issuerRef', 'usages', 'privateKey', 'secretTemplate'],
};

const ownPortFields = new Set(['name', 'protocol', 'port', 'targetPort']);

/** The fields of `object` that we own, in one order. */
export function owned(object: KubeObject): Fields {
  const { metadata } = object;
  const spec = ownedSpec(object);
  return {
    labels: picked(metadata.labels ?? {}, (key) => ownLabels.has(key)),
    annotations: picked(metadata.annotations ?? {}, (key) => ownAnnotations.has(key)),
    controller: metadata.ownerReferences?.find(({ controller }) => controller === true)?.uid,
    data: object['data'],
    spec: picked(spec, (key) => specFields[object.kind]?.includes(key) ?? false),
  };
}

/** A Service that is not headless is given its address and node ports by the API server: those are not ours. */
function ownedSpec({ kind, spec }: KubeObject): Fields {
  const fields = (spec ?? {}) as Fields;
  if (kind !== 'Service') return fields;
  const { clusterIP, ports, ...rest } = fields;
  return {
    ...rest,
    ...(clusterIP === 'None' && { clusterIP }),
    ports: ((ports ?? []) as readonly Fields[]).map((port) => picked(port, (key) => ownPortFields.has(key))),
  };
}

/** Whether `object` belongs to the cluster with this uid. */
export function isControlledBy(object: KubeObject, uid: string): boolean {
  return (
    object.metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid) ?? false
  );
}

/** What tells one of our own objects from others, the earlier ones of its name included. */
export interface Owner {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid: string };
}

/** The same of an object as it was read. */
interface Identity {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly uid?: string | undefined };
}

/** Whether it was left behind by one of this kind and name that is gone: the garbage collector has not come by yet. */
export function isLeftOf(object: KubeObject, { kind, metadata: { name, uid } }: Identity): boolean {
  const owners = object.metadata.ownerReferences ?? [];
  const isOfName = owners.some((owner) => owner.kind === kind && owner.name === name);
  return isOfName && owners.every((owner) => owner.uid !== uid);
}

/** Deep equality of plain data; the order of keys and absent versus undefined do not matter. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return isSameList(a, b);
  const [left, right] = [a as Fields, b as Fields];
  const isSame = (key: string): boolean => isEqual(left[key], right[key]);
  return Object.keys(left).every(isSame) && Object.keys(right).every((key) => key in left || isSame(key));
}

function isSameList(a: object, b: object): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((value, index) => isEqual(value, b[index]));
}

function picked(fields: Fields, isWanted: (key: string) => boolean): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => isWanted(key)));
}
