/** What a condition is made from and what it says, and since when. */
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { Condition } from '../../api/shared.ts';
import type { FleetDecision } from '../../fleet/decide.ts';
import type { ConditionType } from './help/catalogue.ts';
import type { ServedCertificate } from '../servedCertificate.ts';
import type { BindingCopies } from '../bindingCopies.ts';
import type { TurnUse } from '../turnUse.ts';
import type { Member } from '../../fleet/members.ts';
import type { NodeSupply } from '../../fleet/nodes/eligible.ts';
import type { Reason } from '../../fleet/pod.ts';

/** What conditions are made from. */
export interface ConditionInput {
  readonly cluster: RtcCluster;
  readonly decision: FleetDecision;
  /** Revision of the current pod template. */
  readonly revision: string;
  /** The image of clusters that have none. */
  readonly operatorsImage: string;
  /** Which nodes can carry a pod; absent when nobody may tell us. */
  readonly nodes?: NodeSupply;
  /** What the API server refused to do for us this time, in its own words. */
  readonly refusal?: Reason;
  /** The certificate of the API; absent without TLS. */
  readonly certificate?: ServedCertificate;
  /** What DNS says of the name outside the cluster; absent: it was not asked, or there is none. */
  readonly name?: {
    readonly hostname: string;
    readonly addresses: readonly string[];
    readonly problem?: string;
  };
  /** The binding in other namespaces; absent: it is wanted in none. */
  readonly copies?: BindingCopies;
  /** What comes of `turn.turnServerName`; absent without it. */
  readonly turn?: TurnUse;
  /** One sentence per client without usable credentials. */
  readonly credentialProblems: readonly string[];
}

/** A condition before it is known since when. */
export type Verdict<Type extends string = ConditionType> = Pick<
  Condition,
  'status' | 'reason' | 'message'
> & {
  readonly type: Type;
};

/** Puts the times to the verdicts: a condition whose status stays keeps its `lastTransitionTime`. */
export function conditionsOf(
  wanted: readonly Verdict<string>[],
  before: readonly Condition[],
  now: { readonly observedGeneration: number; readonly time: string },
): Condition[] {
  return wanted.map((verdict) => {
    const last = before.find(({ type }) => type === verdict.type);
    const isSame = last?.status === verdict.status;
    return {
      ...verdict,
      observedGeneration: now.observedGeneration,
      lastTransitionTime: isSame ? last.lastTransitionTime : now.time,
    };
  });
}

/** How many pods a message names. */
export const namedPods = 3;

/** The first few members with what is said of each, once where it is the same; and how many more there are. */
export function sentences(members: readonly Member[]): string {
  const named = members.slice(0, namedPods);
  const said = Map.groupBy(named, ({ message }) => message ?? 'not published');
  const told = [...said].map(
    ([message, about]) => `${about.map(({ pod }) => pod.name).join(', ')}: ${message}`,
  );
  const rest = members.length - named.length;
  return told.join('; ') + (rest > 0 ? `; and ${rest} more` : '');
}
