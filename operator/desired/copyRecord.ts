/** Which Secrets in other namespaces hold the binding, also where nobody may look any more: written on the RTCCluster. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { timeoutMs } from '../fleet/deadline.ts';
import type { Reason } from '../fleet/pod.ts';
import { annotations, names } from './names.ts';

/**
 * Whether the operator may write to a namespace: it is told which by its chart, and may still lack the rights.
 * Missing: there is no such namespace, and nothing in it.
 */
export type Reach = 'NotAllowed' | 'Unknown' | 'NotServed' | 'Forbidden' | 'Missing' | 'Served';

/** By namespace; Unknown where it is not said. */
export type Reaches = Readonly<Record<string, Reach>>;

/** One Secret. */
export interface CopyKey {
  readonly namespace: string;
  readonly name: string;
}

/** What is read of an RTCCluster, whether or not the rest of it can be. */
interface Recorded {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

/** Those that are written down. */
export function recordedCopies({ metadata }: Recorded): CopyKey[] {
  const text = metadata.annotations?.[annotations.bindingCopies] ?? '';
  return text.split(',').flatMap((one) => {
    const [namespace = '', name = ''] = one.split('/');
    return namespace === '' || name === '' ? [] : [{ namespace, name }];
  });
}

/** What may be there although nobody of us sees it: what is written down for namespaces that are out of reach. */
export function hiddenCopies(cluster: Recorded, reach: Reaches): CopyKey[] {
  return recordedCopies(cluster).filter(
    ({ namespace }) => !['Served', 'Missing'].includes(reach[namespace] ?? 'Unknown'),
  );
}

/** The text that is to be written down. Empty: nothing. */
export function copyRecord(copies: readonly CopyKey[]): string {
  return [...new Set(copies.map(({ namespace, name }) => `${namespace}/${name}`))].toSorted().join(',');
}

/**
 * Whether a deleted cluster is to be held for copies that are not taken back yet, `seen` of them in reach: no longer
 * than for a call.
 */
export function isHeldForCopies(
  cluster: RtcCluster,
  { seen, reach }: { readonly seen: number; readonly reach: Reaches },
  nowMs: number,
): boolean {
  const hidden = hiddenCopies(cluster, reach);
  // In a moment it is known whether they can be taken back.
  if (hidden.some(({ namespace }) => (reach[namespace] ?? 'Unknown') === 'Unknown')) return true;
  return seen + hidden.length > 0 && nowMs < heldUntilMs(cluster);
}

/** Milliseconds since the epoch; infinity: for as long as it takes. */
function heldUntilMs({ metadata, spec }: RtcCluster): number {
  const deletedMs = Date.parse(metadata.deletionTimestamp ?? '');
  if (spec.deletionPolicy === 'Immediate') return deletedMs;
  return deletedMs + (timeoutMs(spec.drain, 'Deletion') ?? Number.POSITIVE_INFINITY);
}

/** What is said of copies that are to go and that the operator may not remove, with the command that does. */
export function leftCopies(cluster: RtcCluster, reach: Reaches): Reason[] {
  const left = hiddenCopies(cluster, reach).filter(
    (copy) => (reach[copy.namespace] ?? 'Unknown') !== 'Unknown' && !isWanted(copy, cluster),
  );
  if (left.length === 0) return [];
  const { namespace: own, name: cr } = cluster.metadata;
  const where = left.map(({ namespace, name }) => `Secret ${name} in namespace ${namespace}`).join(', ');
  const remove = left.map(({ namespace, name }) => `kubectl delete secret -n ${namespace} ${name}`);
  const forget = `kubectl annotate -n ${own} rtccluster ${cr} ${annotations.bindingCopies}-`;
  const message = `${where}: holds the binding, is to go, and the operator has no rights there any more. Give them back (bindingNamespaces of its chart), or run ${[...remove, forget].join(' && ')}${untilWhen(cluster)}`;
  return [{ reason: 'BindingLeft', message }];
}

function isWanted({ namespace, name }: CopyKey, cluster: RtcCluster): boolean {
  const { metadata, spec } = cluster;
  const isNamed = spec.binding.namespaces.includes(namespace) && name === names.bindingSecret(cluster);
  return isNamed && metadata.deletionTimestamp === undefined;
}

function untilWhen(cluster: RtcCluster): string {
  if (cluster.metadata.deletionTimestamp === undefined) return '';
  const untilMs = heldUntilMs(cluster);
  return Number.isFinite(untilMs)
    ? `; the RTCCluster goes without that at ${new Date(untilMs).toISOString()}`
    : '; the RTCCluster waits for that';
}
