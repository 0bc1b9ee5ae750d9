/** Pure: how long a drain may last, as the API's documentation states it; written anew here, so that it can tell. */
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';

const builtInSeconds: Readonly<Record<string, number>> = {
  NodeDrain: 3_300,
  SpotInterruption: 90,
  Deletion: 7_200,
};

/** Milliseconds from the begin of a drain for this reason to its deadline; undefined: it waits for as long as it takes. */
export function statedDeadlineMs({ spec: { drain } }: RtcCluster, reason: string): number | undefined {
  const override = drain.overrides.find((one) => one.reason === reason);
  if (override !== undefined)
    return override.policy === 'Wait' ? undefined : (override.timeoutSeconds ?? drain.timeoutSeconds) * 1000;
  const builtIn = builtInSeconds[reason];
  if (builtIn !== undefined) return builtIn * 1000;
  return drain.policy === 'Wait' ? undefined : drain.timeoutSeconds * 1000;
}
