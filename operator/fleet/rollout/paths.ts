/** Whether clients of new pods get a path for their media as often as those of the old ones. */
import type { PodView, Reason } from '../pod.ts';
import type { Crew } from './crew.ts';

/** Fewer sessions than this tell nothing. */
const fewest = 10;
/** How much larger the share of failures may be: some clients sit behind firewalls, whatever we run. */
const allowedExcess = 0.2;

interface Paths {
  readonly opened: number;
  readonly failed: number;
}

/** Why the updated pods are worse than the outdated ones; undefined when they are not, or nobody can say. */
export function worsePaths({ updated, outdated }: Pick<Crew, 'updated' | 'outdated'>): Reason | undefined {
  const [now, before] = [total(updated), total(outdated)];
  if (now.opened + now.failed < fewest || share(now) <= share(before) + allowedExcess) return undefined;
  return {
    reason: 'MediaPathsFail',
    message: `${text(now)} sessions on new pods got no path for their media, on old ones ${text(before)}`,
  };
}

function total(pods: readonly PodView[]): Paths {
  const all = pods.flatMap(({ facts }) => (facts?.answered === true ? (facts.measures?.paths ?? []) : []));
  return {
    opened: all.reduce((sum, { opened }) => sum + opened, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
  };
}

function share({ opened, failed }: Paths): number {
  return failed / Math.max(1, opened + failed);
}

function text({ opened, failed }: Paths): string {
  return `${failed} of ${opened + failed}`;
}
