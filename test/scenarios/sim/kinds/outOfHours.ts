/** I18: nobody is replaced out of hours, nor where people do that themselves. Pure; `docs/updates.md` is what it goes by. */
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject, Meant } from '../../../../operator/kube/api.ts';
import type { Write } from '../connection.ts';
import { isBad } from '../images.ts';
import { imageOf } from '../kubelet.ts';
import type { Scene } from '../scene.ts';
import type { Invariant, Step } from '../step.ts';

/** What has begun goes on, and going back to the last good revision waits for no window. */
export const onlyInHours: Invariant = (step) => {
  const { cluster } = step.before;
  if (cluster === undefined || cluster.metadata.deletionTimestamp !== undefined) return undefined;
  const why = forbiddenIn(step.before);
  const pod = why === undefined ? undefined : replacedBy(step);
  if (why === undefined || pod === undefined) return undefined;
  const { strategy } = cluster.spec.update;
  return why === 'no window is open' && isBack(pod, cluster)
    ? undefined
    : `${pod.metadata.name} is replaced although ${why} (${strategy})`;
};

/** It is of what is asked for, and cannot go forward; or that is bad, and pods of an update that it came upon go back, too. */
function isBack(pod: KubeObject, { spec }: NonNullable<Scene['cluster']>): boolean {
  const { image = '' } = spec.engine;
  return spec.update.onFailure === 'Rollback' && (imageOf(pod) === image || isBad(image));
}

function forbiddenIn({ cluster, mayReplace }: Scene): string | undefined {
  if (cluster?.spec.update.paused === true) return 'update.paused is true';
  if (cluster?.spec.update.strategy === 'OnDelete') return 'only people do that';
  return mayReplace ? undefined : 'no window is open';
}

/** The pod whose replacement begins with this write: by a drain, or at once where it is the only one. */
function replacedBy(step: Step): KubeObject | undefined {
  const { write, before, after } = step;
  const pod = write.resource.kind === 'Pod' ? podNamed(before, write.key) : undefined;
  if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return undefined;
  if (write.verb === 'delete') return isMeant(write, pod) && isInUse(pod) ? pod : undefined;
  const now = podNamed(after, write.key);
  return drainOf(pod) !== 'Rollout' && now && drainOf(now) === 'Rollout' ? pod : undefined;
}

function isMeant({ body }: Write, { metadata }: KubeObject): boolean {
  return (body as Partial<Meant>).uid === metadata.uid;
}

/** It was in DNS, nobody drains it, and it runs. */
function isInUse(pod: KubeObject): boolean {
  const isPublished = pod.metadata.annotations?.[annotations.publishedSince] !== undefined;
  return isPublished && drainOf(pod) === undefined && !isEnded(pod);
}

function drainOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[annotations.drain];
}

function isEnded(pod: KubeObject): boolean {
  const { phase = '' } = (pod['status'] ?? {}) as { readonly phase?: string };
  return ['Failed', 'Succeeded'].includes(phase);
}

function podNamed({ pods }: Scene, key: string): KubeObject | undefined {
  const all = [...pods.values()].map(({ object }) => object);
  return all.find(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}` === key);
}
