/** The STUN servers that SFU pods ask: the one part of the address sources that a pod is made with. */
import type { RtcClusterSpec } from '../api/rtccluster.ts';

type Source = RtcClusterSpec['network']['address']['sources'][number];

/** In the order they are asked; undefined when there are none. */
export function stunUrls({ network }: Pick<RtcClusterSpec, 'network'>): readonly string[] | undefined {
  const urls = network.address.sources.flatMap((source) => source.urls ?? []);
  return urls.length === 0 ? undefined : urls;
}

/** The same spec with other STUN servers, or none. */
export function withStunUrls(spec: RtcClusterSpec, urls: readonly string[] | undefined): RtcClusterSpec {
  const others = spec.network.address.sources.filter(({ type }) => type !== 'STUN');
  const asked: Source[] = urls === undefined ? [] : [{ type: 'STUN', urls: [...urls] }];
  const address = { ...spec.network.address, sources: [...others, ...asked] };
  return { ...spec, network: { ...spec.network, address } };
}
