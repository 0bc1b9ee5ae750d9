/** Which pods an operator has made although as many as were wanted were there: those that a rollout adds, for I9. */
import { annotations } from '../../../operator/desired/names.ts';
import { boundsOf } from './bounds.ts';
import type { PodTruth, Scene } from './scene.ts';

/** As many as are wanted. The status may still tell what was wanted before somebody changed the spec. */
export function wantedIn({ cluster }: Pick<Scene, 'cluster'>): number {
  if (cluster === undefined) return 0;
  const { min, max } = boundsOf(cluster);
  return Math.min(max, Math.max(min, cluster.status.desiredPods ?? 0));
}

/** A moment, as far as it matters here. */
type Moment = Pick<Scene, 'cluster' | 'pods' | 'nowMs' | 'seenWithinMs'>;

/** See the file comment. Shown one scene after the other. */
export class Spares {
  readonly #seen = new Set<string>();
  /** By uid; with the time at which they became some of the wanted ones. */
  readonly #spares = new Map<string, number | undefined>();

  /** How many there are by now, counting those of whose end as such an operator need not know yet. */
  countIn({ nowMs, seenWithinMs, ...moment }: Moment): number {
    const serving = [...moment.pods].filter(([, pod]) => isServing(pod)).map(([uid]) => uid);
    const wanted = wantedIn(moment);
    const others = serving.filter((uid) => this.#seen.has(uid)).length;
    const added = serving.filter((uid) => !this.#seen.has(uid)).slice(Math.max(0, wanted - others));
    for (const uid of added) this.#spares.set(uid, undefined);
    for (const uid of moment.pods.keys()) this.#seen.add(uid);
    const known = serving.filter((uid) => this.#spares.has(uid) && this.#spares.get(uid) === undefined);
    for (const uid of known.slice(Math.max(0, serving.length - wanted))) this.#spares.set(uid, nowMs);
    return [...this.#spares].filter(
      ([uid, endedMs = nowMs]) => moment.pods.has(uid) && nowMs - endedMs <= seenWithinMs,
    ).length;
  }
}

function isServing({ object: { metadata, ...object } }: PodTruth): boolean {
  const { [annotations.drain]: drain, [annotations.requestedState]: asked } = metadata.annotations ?? {};
  const { phase = '' } = (object['status'] ?? {}) as { readonly phase?: string };
  const isLeaving = metadata.deletionTimestamp !== undefined || drain !== undefined || asked === 'Cordoned';
  return !isLeaving && !['Failed', 'Succeeded'].includes(phase);
}
