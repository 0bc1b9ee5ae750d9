/** PURE: decision → `status` of a TurnServer. Live counters are written seldom, so that status is written when something happens. */
import type { TurnServer, TurnServerStatus } from '../../api/turnserver.ts';
import { maxMembers } from '../../api/rtcclusterStatus.ts';
import { memberStatus } from '../../desired/status.ts';
import { conditionsOf } from '../../desired/conditions/verdict.ts';
import { turnVerdicts } from '../../desired/turn/conditions/all.ts';
import { isLoaded, turnCertificateOf } from '../../desired/turn/conditions/certificate.ts';
import type { TurnConditionInput } from '../../desired/turn/conditions/input.ts';
import { turnNames, turnPodSelector } from '../../desired/turn/names.ts';
import { sessionsOf, type Member } from '../../fleet/members.ts';
import type { Reason } from '../../fleet/pod.ts';
import { timeIn, type SecretContents } from '../../turn/rotation/state.ts';
import { secretHash } from '../../turn/secretHash.ts';
import type { TurnDecision } from './decide.ts';
import type { TurnObserved } from './observe.ts';

/** What a status is made from. */
export interface TurnTold {
  readonly observed: TurnObserved;
  readonly decision: TurnDecision;
  readonly refusal?: Reason;
}

/** The whole status; `time` is RFC 3339 in whole seconds. Equal input gives equal output, so equality means no write. */
export function turnStatusOf(server: TurnServer, told: TurnTold, time: string): TurnServerStatus {
  const { decision } = told;
  const input = conditionInput(server, told);
  const { members, wanted } = decision.pods;
  const isUniform = members.every(({ pod }) => pod.revision === decision.revision);
  const count = (matches: (member: Member) => boolean): number => members.filter(matches).length;
  const observedGeneration = server.metadata.generation;
  return {
    observedGeneration,
    desiredPods: wanted,
    replicas: members.length,
    readyReplicas: count(({ pod }) => pod.isReady),
    publishedPods: count(({ isPublished }) => isPublished),
    drainingPods: count(({ state }) => state === 'Draining'),
    updatedPods: count(({ pod }) => pod.revision === decision.revision),
    currentRevision: isUniform ? decision.revision : (server.status.currentRevision ?? decision.revision),
    updateRevision: decision.revision,
    selector: Object.entries(turnPodSelector(server))
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    uris: [...decision.uris].slice(0, 256),
    binding: { name: turnNames.iceServersSecret(server) },
    allocations: allocationsOf(server, told, time),
    ...secretsOf(decision),
    ...certificateOf(input),
    members: members
      .slice(0, maxMembers)
      .map((member) => memberStatus(member, server.status.members ?? [], time)),
    ...(members.length > maxMembers && { membersTruncated: true }),
    conditions: conditionsOf(turnVerdicts(input), server.status.conditions ?? [], {
      ...{ observedGeneration, time },
    }),
  };
}

/** Status of one that nothing can be decided about: the rest of it stays as it was. */
export function refusedTurnStatus(
  before: Partial<TurnServerStatus>,
  told: { readonly generation: number; readonly why: Reason; readonly time: string },
): TurnServerStatus {
  const { generation: observedGeneration, why, time } = told;
  const verdict = { type: 'Ready', status: 'False', ...why } as const;
  const others = (before.conditions ?? []).filter(({ type }) => type !== 'Ready');
  const now = { observedGeneration, time };
  return { ...before, conditions: [...conditionsOf([verdict], before.conditions ?? [], now), ...others] };
}

/** Numbers that change all the time are written no more often than this. */
const figuresMs = 10_000;

function allocationsOf({ status }: TurnServer, { decision, observed }: TurnTold, time: string): Allocations {
  const told = toldIn(decision.pods.members);
  const { allocations: before } = status;
  const isSame = before?.current === told.current && before?.unknownPods === told.unknownPods;
  const isTooSoon = observed.nowMs - Date.parse(before?.observedTime ?? '') < figuresMs;
  return before !== undefined && (isSame || isTooSoon) ? before : { ...told, observedTime: time };
}

type Allocations = NonNullable<TurnServerStatus['allocations']>;

/** Nobody knows the sum of what nobody told. */
function toldIn(members: readonly Member[]): Pick<Allocations, 'current' | 'unknownPods'> {
  const counts = members.filter(({ pod }) => !pod.isDead).map(({ pod }) => sessionsOf(pod));
  const known = counts.filter((one) => one !== undefined);
  const unknownPods = counts.length - known.length;
  const isUnknown = unknownPods > 0 && known.length === 0;
  return { ...(!isUnknown && { current: known.reduce((sum, one) => sum + one, 0) }), unknownPods };
}

/** Nothing where there is no secret. */
function secretsOf({ rotation }: TurnDecision): Pick<TurnServerStatus, 'secrets'> {
  const { contents, issue, stage, waitingFor, retireAfterMs } = rotation;
  const { secret, next, previous } = contents;
  if (secret === '') return {};
  const since = sinceOf(contents);
  const secrets = {
    activeHash: secretHash(issue ?? secret),
    accepted: [
      { hash: secretHash(secret), ...(since !== undefined && { since }) },
      ...(next === undefined ? [] : [{ hash: secretHash(next) }]),
      ...(previous === undefined
        ? []
        : [
            {
              hash: secretHash(previous),
              ...(retireAfterMs !== undefined && { retireAfter: text(retireAfterMs) }),
            },
          ]),
    ],
    rotation: stage,
    ...(waitingFor.length > 0 && { waitingFor: waitingFor.slice(0, 16).map((one) => one.slice(0, 512)) }),
  };
  return { secrets };
}

function sinceOf(contents: SecretContents): string | undefined {
  const sinceMs = timeIn(contents, 'since');
  return sinceMs === undefined ? undefined : text(sinceMs);
}

function text(ms: number): string {
  return new Date(ms).toISOString();
}

function conditionInput(server: TurnServer, { observed, decision, refusal }: TurnTold): TurnConditionInput {
  const { fleet: cluster, pods, nodes, rotation, peers, peersDigest, hosts } = decision;
  const { users, secrets, issuance, nowMs } = observed;
  const certificate = turnCertificateOf(server, { secrets, issuance, nowMs });
  return {
    ...{ server, cluster, decision: pods, rotation, peers, peersDigest, hosts, users },
    ...(nodes && { nodes }),
    ...(refusal && { refusal }),
    ...(certificate && { certificate }),
  };
}

function certificateOf(input: TurnConditionInput): Pick<TurnServerStatus, 'certificate'> {
  const { certificate } = input;
  if (certificate === undefined) return {};
  const { fingerprint, endsMs } = certificate;
  return {
    certificate: {
      ...(fingerprint !== undefined && { fingerprint }),
      ...(endsMs !== undefined && { notAfter: text(endsMs) }),
      loadedOnAllPods: isLoaded(input),
    },
  };
}
