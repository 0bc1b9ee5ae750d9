/**
 * Pods of one RTCCluster take ports of a node from another, whose condition NodesSufficient counts that node. It is
 * looked at again some seconds after, once for all that happened meanwhile; while nothing happens, nothing runs.
 */
import type { KubeObject } from '../kube/api.ts';
import type { Cancel, Clock } from '../kube/clock.ts';
import type { StoreChange } from '../kube/store.ts';
import { netTakings, rivalKeys, takingOf, type Shift, type Taking } from './rivals.ts';

/** What it is made of. */
export interface RivalWatchDeps {
  readonly clock: Pick<Clock, 'after'>;
  readonly clusters: () => readonly KubeObject[];
  readonly nodeNamed: (name: string) => KubeObject | undefined;
  /** Called with the queue key of each RTCCluster that has other nodes now. */
  readonly onChange: (key: string) => void;
}

/** See the file comment. */
export interface RivalWatch {
  /** A change of an SFU pod. */
  heard(change: StoreChange): void;
  /** Whom changes concern from now on is told; before, they are part of what everybody looks at first. */
  begin(): void;
  close(): void;
}

/** Longer than it takes until a pod is replaced on its node, which concerns nobody else. */
const gatherMs = 5_000;

/** Tells nobody before `begin()`. */
export function createRivalWatch({ clock, clusters, nodeNamed, onChange }: RivalWatchDeps): RivalWatch {
  /** By uid. A store has what we wrote before it tells of it, so what is told as `previous` may be as new. */
  const known = new Map<string, string>();
  let shifts: Shift[] = [];
  let hasBegun = false;
  let cancel: Cancel | undefined;
  const tell = (): void => {
    const net = netTakings(shifts);
    [shifts, cancel] = [[], undefined];
    rivalKeys(net, clusters(), nodeNamed).forEach(onChange);
  };
  return {
    heard({ previous, current }) {
      const uid = (current ?? previous)?.metadata.uid ?? '';
      const [text, after] = [known.get(uid), takingOf(current)];
      const next = after && JSON.stringify(after);
      if (text === next) return;
      if (next === undefined) known.delete(uid);
      else known.set(uid, next);
      if (!hasBegun) return;
      shifts.push({ before: text === undefined ? undefined : (JSON.parse(text) as Taking), after });
      cancel ??= clock.after(gatherMs, tell);
    },
    begin: () => void (hasBegun = true),
    close() {
      cancel?.();
      hasBegun = false;
    },
  };
}
