/** PURE: what a person asks of a pod, and whether the operator would do it: the very annotations that it reads. */
import { rtcClusterSchema, type RtcCluster, type RtcClusterStatus } from '../../api/rtccluster.ts';
import { turnServerSchema, type TurnServer } from '../../api/turnserver.ts';
import { annotations, labels } from '../../desired/names.ts';
import { pauseOf } from '../../desired/pause.ts';
import type { requestedStates } from '../../fleet/requests.ts';
import type { KubeObject } from '../../kube/api.ts';

/** A request by its verb; `back` takes it back. */
export interface Ask {
  readonly verb: 'drain' | 'undrain' | 'cordon' | 'uncordon';
  readonly state: (typeof requestedStates)[number];
  readonly isBack: boolean;
}

/** By verb. */
export const asks: Readonly<Record<Ask['verb'], Ask>> = {
  drain: { verb: 'drain', state: 'Draining', isBack: false },
  undrain: { verb: 'undrain', state: 'Draining', isBack: true },
  cordon: { verb: 'cordon', state: 'Cordoned', isBack: false },
  uncordon: { verb: 'uncordon', state: 'Cordoned', isBack: true },
};

/** A pod of a fleet, and whose. */
export interface Target {
  readonly pod: KubeObject;
  /** Its RTCCluster or TurnServer; absent when that is gone. */
  readonly owner: KubeObject | undefined;
}

/** Where a pod belongs; undefined when it is none of ours. */
export function ownerOf({
  metadata,
}: KubeObject): { readonly kind: string; readonly name: string } | undefined {
  const found = metadata.labels ?? {};
  const cluster = found[labels.cluster];
  const turn = found[labels.turnServer];
  if (found[labels.role] === 'sfu' && cluster !== undefined) return { kind: 'RTCCluster', name: cluster };
  if (found[labels.role] === 'turn' && turn !== undefined) return { kind: 'TurnServer', name: turn };
  return undefined;
}

/** Why it would come to nothing; undefined when it would not. */
export function refusalOf(target: Target, ask: Ask): string | undefined {
  const { pod, owner } = target;
  const { name, deletionTimestamp } = pod.metadata;
  const of = ownerOf(pod);
  if (of === undefined) return `Pod ${name} is neither an SFU nor a TURN pod`;
  if (owner === undefined) return `The ${of.kind} ${of.name} of pod ${name} is not there: nobody would do it`;
  if (deletionTimestamp !== undefined)
    return `Pod ${name} is being deleted: it is out of DNS and ends with its last call`;
  if (owner.metadata.deletionTimestamp !== undefined)
    return `${of.kind} ${of.name} is being deleted, and all of its pods drain`;
  const pause = pauseIn(owner);
  if (pause !== undefined) return `${of.kind} ${of.name} is paused. ${pause}`;
  return ask.isBack ? nothingToTakeBack(target, ask) : undefined;
}

function pauseIn(owner: KubeObject): string | undefined {
  const parsed: RtcCluster | TurnServer | undefined = (
    owner.kind === 'TurnServer' ? turnServerSchema : rtcClusterSchema
  ).safeParse(owner).data;
  return parsed && pauseOf(parsed)?.message;
}

function nothingToTakeBack({ pod }: Target, ask: Ask): string | undefined {
  const requested = pod.metadata.annotations?.[annotations.requestedState];
  if (requested === ask.state) return cannotReturn(pod, ask);
  if (requested === undefined) return notAsked(pod, ask);
  return `Pod ${pod.metadata.name} is not asked for ${ask.state} but for ${requested}: use ${otherVerb(ask.verb)}`;
}

/** Until its drain has begun a coturn serves on. */
function cannotReturn(pod: KubeObject, { state }: Ask): string | undefined {
  const { name, annotations: found = {} } = pod.metadata;
  const isDraining = state === 'Draining' && found[annotations.drain] !== undefined;
  return isDraining && ownerOf(pod)?.kind === 'TurnServer'
    ? `Pod ${name} runs a coturn, which cannot take a drain back: another pod takes its place`
    : undefined;
}

function notAsked({ metadata }: KubeObject, { verb }: Ask): string {
  const { name, annotations: found = {} } = metadata;
  const drain = found[annotations.drain];
  return verb === 'undrain' && drain !== undefined
    ? `Nobody asked pod ${name} to drain: it does so for ${drain}, which ${takenBackBy[drain] ?? 'its own cause takes back'}`
    : `Nobody has asked pod ${name} for anything: there is nothing to take back`;
}

function otherVerb(verb: Ask['verb']): string {
  return verb === 'undrain' ? 'kubectl rtc uncordon' : 'kubectl rtc undrain';
}

/** As docs/drains.md tells it. */
const takenBackBy: Readonly<Record<string, string>> = {
  ScaleDown: 'wanting more pods takes back',
  Rollout: 'undoing the change takes back (kubectl rtc rollout undo)',
  AddressChanged: 'the old address of its node takes back',
  NodeDrain: 'kubectl uncordon of its node takes back',
  SpotInterruption: 'nothing takes back',
  Deletion: 'nothing takes back',
};

/** The annotation as it is to be; null removes it. */
export function requestPatch(ask: Ask): Readonly<Record<string, string | null>> {
  return { [annotations.requestedState]: ask.isBack ? null : ask.state };
}

/** Whether it is written on the pod already. */
export function isWritten({ metadata }: KubeObject, ask: Ask): boolean {
  return (metadata.annotations?.[annotations.requestedState] === ask.state) !== ask.isBack;
}

/** What is still missing until it is as asked for; undefined: nothing. A pod that is gone, absent, is never waited for, nor one whose request somebody has taken back. */
export function missing(pod: KubeObject | undefined, ask: Ask): string | undefined {
  if (pod === undefined || isTakenBack(pod, ask)) return undefined;
  const isPublished = pod.metadata.labels?.[labels.published] === 'true';
  if (ask.isBack) return isPublished ? undefined : 'it is not in DNS yet';
  if (isPublished) return 'it is still in DNS';
  return ask.verb === 'drain' ? 'it is still there' : undefined;
}

/** Whether somebody has asked for something else since. A pod that is being deleted goes all the same. */
export function isTakenBack(pod: KubeObject | undefined, ask: Ask): boolean {
  return pod !== undefined && pod.metadata.deletionTimestamp === undefined && !isWritten(pod, ask);
}

/** How it ended, when nothing is missing any more. */
export function endOf(name: string, pod: KubeObject | undefined, ask: Ask): string {
  if (pod === undefined) return `Done: pod ${name} is gone`;
  if (!isTakenBack(pod, ask)) return `Done: pod ${name} is ${ask.isBack ? 'in' : 'out of'} DNS`;
  const now = pod.metadata.annotations?.[annotations.requestedState];
  const what = now === undefined ? 'is gone' : `says ${now}`;
  return `Not done: somebody has taken the ${ask.verb} of pod ${name} back meanwhile (annotation ${annotations.requestedState} ${what})`;
}

/** Who serves now, by the status of an RTCCluster or a TurnServer; nothing before it has one. */
export function servingNow({ kind, metadata, status }: KubeObject): string[] {
  if (status === undefined) return [];
  const { desiredPods = 0, members = [] } = status as Partial<RtcClusterStatus>;
  const names = members.filter(({ state }) => state === 'Published').map(({ name }) => name);
  const who = names.length === 0 ? '' : `: ${names.join(', ')}`;
  return [`${kind} ${metadata.name}: ${names.length} of ${desiredPods} pods are published${who}`];
}
