/** One TurnServer `edge` in a namespace, as the API server has it. */
import type { TurnServerStatus } from '../../operator/api/turnserver.ts';
import type { KubeApi, KubeObject } from '../../operator/kube/api.ts';
import { NotFoundError } from '../../operator/kube/errors.ts';
import * as resources from '../../operator/kube/resources.ts';
import { eventually } from './eventually.ts';

type Member = NonNullable<TurnServerStatus['members']>[number];

/** What a test does with it and asks about it. */
export interface LiveTurn {
  readonly namespace: string;
  /** Creates it, or changes the spec. */
  apply(spec: Readonly<Record<string, unknown>>): Promise<void>;
  annotate(annotations: Readonly<Record<string, string | null>>): Promise<void>;
  status(): Promise<Partial<TurnServerStatus>>;
  /** Waits until `STATUS REASON` of a condition is as given; either may be left out. Gives its message. */
  untilCondition(type: string, expected: RegExp): Promise<string>;
  untilMember(state: string, reason?: string): Promise<Member>;
  untilPods(count: number, selector?: string): Promise<readonly KubeObject[]>;
  untilStage(stage: string): Promise<void>;
  secret(name: string): Promise<Readonly<Record<string, string>>>;
  /** Deletes it, with all that waits for it where `isAtOnce`. */
  remove(isAtOnce?: boolean): Promise<void>;
  untilGone(): Promise<void>;
}

const name = 'edge';
const waiting = { timeoutMs: 30_000, intervalMs: 100 };
/** The garbage collector looks for new kinds every 30 s only, and takes what a kind leaves behind after that. */
const collecting = { ...waiting, timeoutMs: 90_000 };

/** `base` is what every spec of this test has in common. */
export function liveTurn(
  kube: KubeApi,
  namespace: string,
  base: Readonly<Record<string, unknown>> = {},
): LiveTurn {
  const key = { namespace, name };
  const status: LiveTurn['status'] = async () => (await kube.get(resources.turnservers, key))['status'] ?? {};
  return {
    ...{ namespace, status },
    async apply(spec) {
      const apiVersion = 'rtc.progressnet.gr/v1alpha1';
      const body = { apiVersion, kind: 'TurnServer', metadata: key, spec: { ...base, ...spec } };
      await kube.apply(resources.turnservers, body, { fieldManager: 'test' });
    },
    async annotate(annotations) {
      await kube.mergePatch(resources.turnservers, key, { metadata: { annotations } });
    },
    async untilCondition(type, expected) {
      let message = '';
      await eventually(async () => {
        const found = (await status()).conditions?.find((condition) => condition.type === type);
        const text = `${found?.status ?? ''} ${found?.reason ?? ''}`;
        message = found?.message ?? '';
        return expected.test(text) ? undefined : `${type} is ${text}: ${message}`;
      }, waiting);
      return message;
    },
    async untilMember(state, reason) {
      let found: Member | undefined;
      await eventually(async () => {
        const { members = [] } = await status();
        found = members.find((one) => one.state === state && (reason ?? one.reason) === one.reason);
        return found === undefined ? `members: ${JSON.stringify(members)}` : undefined;
      }, waiting);
      return found!;
    },
    async untilPods(count, labelSelector = 'rtc.progressnet.gr/role=turn') {
      let found: readonly KubeObject[] = [];
      await eventually(
        async () => {
          found = (await kube.list(resources.pods, { namespace, limit: 100, labelSelector })).items;
          const names = found.map(({ metadata }) => metadata.name).join(', ');
          return found.length === count ? undefined : `pods: ${names}`;
        },
        count === 0 ? collecting : waiting,
      );
      return found;
    },
    untilStage: (stage) =>
      eventually(async () => {
        const { secrets } = await status();
        return secrets?.rotation === stage ? undefined : JSON.stringify(secrets);
      }, waiting),
    async secret(of) {
      const { data = {} } = (await kube.get(resources.secrets, { namespace, name: of })) as {
        readonly data?: Readonly<Record<string, string>>;
      };
      return Object.fromEntries(
        Object.entries(data).map(([one, value]) => [one, Buffer.from(value, 'base64').toString()]),
      );
    },
    async remove(isAtOnce = false) {
      const object = await kube.get(resources.turnservers, key).catch(() => undefined);
      const uid = object?.metadata.uid;
      const freed = {
        metadata: { annotations: { 'rtc.progressnet.gr/paused': null } },
        spec: { deletionPolicy: 'Immediate' },
      };
      if (uid !== undefined && isAtOnce) await kube.mergePatch(resources.turnservers, key, freed);
      if (uid !== undefined) await kube.delete(resources.turnservers, key, { uid });
    },
    untilGone: () =>
      eventually(
        () =>
          kube.get(resources.turnservers, key).then(
            () => 'it is still there',
            (error: unknown) => {
              if (error instanceof NotFoundError) return undefined;
              throw error;
            },
          ),
        waiting,
      ),
  };
}
