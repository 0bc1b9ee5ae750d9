/**
 * The revision of an SFU pod: a short hash over what users decide about it, and over nothing that we do. An operator
 * that makes its pods differently, or knows more fields, gives the same spec the same revision, and restarts nothing.
 */
import { createHash } from 'node:crypto';
import type { RtcCluster } from '../api/rtccluster.ts';
import { specSchema } from '../api/rtcclusterSpec.ts';
import { annotations } from './names.ts';
import { stunUrls, withStunUrls } from './stun.ts';

/**
 * What a running pod cannot take up. Not here: what it reads again by itself, what only says how it is drained, and
 * what cannot be changed. These names are stored, and hashed: none may ever be renamed.
 */
const fixedFields = [
  'engine.type',
  'engine.workers',
  'engine.imagePullPolicy',
  'engine.imagePullSecrets',
  'network.apiPort',
  'network.apiBind',
  'network.media.udpPort',
  'network.media.tcpPort',
  'auth.clients',
  'tls.api.secretName',
  'placement.nodeSelector',
  'placement.tolerations',
  'placement.zoneSpread',
  'placement.priorityClassName',
  'resources.requests',
  'resources.limits',
  'podMetadata.labels',
  'podMetadata.annotations',
] as const;

/** Stands among the fields for the STUN servers, which are but a part of the list of sources. Never renamed either. */
const stunField = 'network.address.sources.STUN';

/** What a revision is made of. */
export interface RevisionInputs {
  readonly image: string;
  /** By path in the spec; a field at its default is left out, so that a new field changes nobody's revision. */
  readonly fields: Readonly<Record<string, unknown>>;
}

type Fields = Readonly<Record<string, unknown>>;

const defaults: Fields = specSchema.parse({});

/** The inputs of the revision that the spec asks for. */
export function revisionInputs(cluster: RtcCluster, operatorsImage: string): RevisionInputs {
  const chosen = fixedFields
    .map((path) => [path, valueAt(cluster.spec, path)] as const)
    .filter(([path, value]) => text(value) !== text(valueAt(defaults, path)));
  const urls = stunUrls(cluster.spec);
  return {
    image: imageOf(cluster, operatorsImage),
    fields: { ...Object.fromEntries(chosen), ...(urls && { [stunField]: urls }) },
  };
}

/**
 * `engine.image`; without it the image that the cluster was first given, whatever the operator's own is by now: an
 * operator's upgrade is nobody's wish for other media servers.
 */
export function imageOf({ spec, metadata }: RtcCluster, operatorsImage: string): string {
  return spec.engine.image ?? metadata.annotations[annotations.defaultImage] ?? operatorsImage;
}

/** What is to be noted as the image that a cluster keeps; null: nothing any more, undefined: what is noted stays. */
export function defaultImageChange(
  { spec, metadata }: RtcCluster,
  operatorsImage: string,
): string | null | undefined {
  const isNoted = metadata.annotations[annotations.defaultImage] !== undefined;
  const isNeeded = spec.engine.image === undefined;
  if (isNoted === isNeeded) return undefined;
  return isNeeded ? operatorsImage : null;
}

/** 8 hexadecimal digits. */
export function revisionOf(inputs: RevisionInputs): string {
  return createHash('sha256').update(text(inputs)).digest('hex').slice(0, 8);
}

/** The cluster as it was when its pods had these inputs; what is no matter of a revision stays as it is. */
export function clusterWith(cluster: RtcCluster, { image, fields }: RevisionInputs): RtcCluster {
  const spec = fixedFields.reduce<Fields>(
    (changed, path) => withValue(changed, path.split('.'), fields[path] ?? valueAt(defaults, path)),
    cluster.spec,
  );
  const made = withValue(spec, ['engine', 'image'], image) as RtcCluster['spec'];
  return { ...cluster, spec: withStunUrls(made, fields[stunField] as readonly string[] | undefined) };
}

function valueAt(fields: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((found, key) => (found as Fields | undefined)?.[key], fields);
}

function withValue(fields: Fields, [key = '', ...rest]: readonly string[], value: unknown): Fields {
  if (rest.length === 0) return { ...fields, [key]: value };
  return { ...fields, [key]: withValue((fields[key] ?? {}) as Fields, rest, value) };
}

/** The same for equal data: keys in one order, nothing that is undefined. */
function text(value: unknown): string {
  return JSON.stringify(value, ordered);
}

function ordered(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
