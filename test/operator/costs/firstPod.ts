/** The way from a new RTCCluster to its first pod, as the proxy before the API server saw it. */
import { eventually } from '../../support/eventually.ts';
import type { CostStage } from './costStage.ts';

/** See the file comment. */
export interface WayToFirstPod {
  /** From the one that made the cluster to the one that made the pod. */
  readonly requests: number;
  readonly ms: number;
}

/** Makes the RTCCluster `calls-INDEX`, and resolves when its first pod was asked for. */
export async function wayToFirstPod(
  stage: CostStage,
  index: number,
  replicas: number,
): Promise<WayToFirstPod> {
  stage.proxy.forget();
  await stage.createOne(stage.countedKube, index, replicas);
  await eventually(() => (stage.proxy.calls().some(isPodMade) ? undefined : 'the first pod'), {
    timeoutMs: 120_000,
    intervalMs: 10,
  });
  const calls = stage.proxy.calls();
  const from = calls.findIndex(({ verb, resource }) => `${verb} ${resource}` === 'create rtcclusters');
  const to = calls.findIndex(isPodMade);
  return { requests: to - from, ms: calls[to]!.atMs - calls[from]!.atMs };
}

function isPodMade({ verb, resource }: { readonly verb: string; readonly resource: string }): boolean {
  return ['create pods', 'patch pods'].includes(`${verb} ${resource}`);
}
