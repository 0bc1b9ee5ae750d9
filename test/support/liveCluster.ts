/** One RTCCluster `calls` in a namespace of its own, as the API server has it. */
import type { MemberStatus, RtcClusterStatus } from '../../operator/api/rtccluster.ts';
import type { KubeApi, KubeObject, Resource } from '../../operator/kube/api.ts';
import { NotFoundError } from '../../operator/kube/errors.ts';
import * as resources from '../../operator/kube/resources.ts';
import { eventually } from './eventually.ts';

/** What a test does with the cluster and asks about it. */
export interface LiveCluster {
  readonly namespace: string;
  /** Creates it, or changes the spec. */
  apply(spec: Readonly<Record<string, unknown>>): Promise<void>;
  status(): Promise<Partial<RtcClusterStatus>>;
  /** Waits until `STATUS REASON` of a condition is as given; either may be left out. */
  untilCondition(type: string, expected: RegExp): Promise<void>;
  /** Waits until a member is in that state for that reason. */
  untilMember(state: MemberStatus['state'], reason?: string): Promise<MemberStatus>;
  /** Waits until exactly so many pods are there. Default selector: all SFU pods. */
  untilPods(count: number, selector?: string): Promise<readonly KubeObject[]>;
  /** Objects of a kind, without those that a namespace comes with. */
  list(resource: Resource, selector?: string): Promise<readonly KubeObject[]>;
  remove(): Promise<void>;
  isGone(): Promise<boolean>;
}

const name = 'calls';
const waiting = { timeoutMs: 30_000, intervalMs: 100 };
const nameOf = ({ metadata }: KubeObject): string => metadata.name;

/** `base` is what every spec of this test has in common. */
export function liveCluster(
  kube: KubeApi,
  namespace: string,
  base: Readonly<Record<string, unknown>>,
): LiveCluster {
  const key = { namespace, name };
  const status = async (): Promise<Partial<RtcClusterStatus>> =>
    (await kube.get(resources.rtcclusters, key))['status'] ?? {};
  const list = async (resource: Resource, labelSelector?: string): Promise<readonly KubeObject[]> => {
    const selection = { namespace, limit: 100, ...(labelSelector !== undefined && { labelSelector }) };
    const { items } = await kube.list(resource, selection);
    return items.filter((object) => nameOf(object) !== 'kube-root-ca.crt');
  };
  return {
    namespace,
    status,
    list,
    async apply(spec) {
      const apiVersion = 'rtc.progressnet.gr/v1alpha1';
      const body = { apiVersion, kind: 'RTCCluster', metadata: key, spec: { ...base, ...spec } };
      await kube.apply(resources.rtcclusters, body, { fieldManager: 'test' });
    },
    untilCondition: (type, expected) =>
      eventually(async () => {
        const found = (await status()).conditions?.find((condition) => condition.type === type);
        const text = `${found?.status ?? ''} ${found?.reason ?? ''}`;
        return expected.test(text) ? undefined : `${type} is ${text}: ${found?.message ?? ''}`;
      }, waiting),
    async untilMember(state, reason) {
      let found: MemberStatus | undefined;
      await eventually(async () => {
        const members = (await status()).members ?? [];
        found = members.find(
          (member) => member.state === state && (reason ?? member.reason) === member.reason,
        );
        return found === undefined ? `members: ${JSON.stringify(members)}` : undefined;
      }, waiting);
      return found!;
    },
    async untilPods(count, selector = 'rtc.progressnet.gr/role=sfu') {
      let found: readonly KubeObject[] = [];
      await eventually(async () => {
        found = await list(resources.pods, selector);
        return found.length === count ? undefined : `pods: ${found.map(nameOf).join(', ')}`;
      }, waiting);
      return found;
    },
    async remove() {
      const object = await kube.get(resources.rtcclusters, key).catch(() => undefined);
      const uid = object?.metadata.uid;
      if (uid !== undefined) await kube.delete(resources.rtcclusters, key, { uid });
    },
    isGone: () =>
      kube.get(resources.rtcclusters, key).then(
        () => false,
        (error: unknown) => error instanceof NotFoundError,
      ),
  };
}
