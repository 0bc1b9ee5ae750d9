/** What a call needs of an RTCCluster: what a Mattermost is given, and where its pods are looked up. */
import { rtcClusterSchema } from '../../operator/api/rtccluster.ts';
import { names } from '../../operator/desired/names.ts';
import type { Kubectl } from '../page/server/discovery.ts';
import { type Wiring, wiringOf } from '../story/fleet.ts';

/** See the file comment. */
export interface Found {
  readonly namespace: string;
  readonly name: string;
  /** The headless Service. */
  readonly service: string;
  readonly wiring: Wiring;
}

/** Rejects with what kubectl says, or with what the cluster lacks. */
export async function findCluster(
  kubectl: Kubectl,
  { name, namespace: asked }: { readonly name: string; readonly namespace?: string },
): Promise<Found> {
  const within = asked === undefined ? [] : ['-n', asked];
  const object: unknown = JSON.parse(await kubectl(...within, 'get', 'rtccluster', name, '-o', 'json'));
  const cluster = rtcClusterSchema.parse(object);
  const { namespace } = cluster.metadata;
  const secret = names.bindingSecret(cluster);
  const found = await kubectl('-n', namespace, 'get', 'secret', secret, '--ignore-not-found', '-o', 'json');
  if (found.trim() === '')
    throw new Error(
      `RTCCluster ${name} has no Secret ${secret} yet, which tells a Mattermost where to call: see kubectl rtc status ${name} -n ${namespace}`,
    );
  return { namespace, name, service: names.service(cluster), wiring: wiringOf(found) };
}
