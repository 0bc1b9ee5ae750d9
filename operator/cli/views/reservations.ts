/** PURE: the reservations of a cluster. */
import type { KubeObject } from '../../kube/api.ts';
import { table } from '../text.ts';
import { clusterOf } from './edits.ts';

/** See the file comment. */
export interface ReservationsView {
  readonly reservations: readonly {
    readonly name: string;
    readonly start: string;
    readonly end: string;
    readonly sessions: number;
  }[];
}

/** In the order of their starts. */
export function reservationsView(cluster: KubeObject): ReservationsView {
  const { reservations } = clusterOf(cluster).spec.scaling;
  return { reservations: reservations.toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start)) };
}

/** The same for people. */
export function reservationsText({ reservations }: ReservationsView): string {
  if (reservations.length === 0) return 'There are no reservations.';
  const rows = reservations.map(({ name, start, end, sessions }) => [name, start, end, String(sessions)]);
  return table([['NAME', 'START', 'END', 'SESSIONS'], ...rows]);
}
