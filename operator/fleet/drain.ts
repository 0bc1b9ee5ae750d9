/** When a drained pod may go: never while it has a call, and never while nobody knows. */
import { isOfThisMoment } from './lastLook.ts';
import type { DrainMark, PodView, Reason } from './pod.ts';
import { sessionsOf, terminating } from './members.ts';
import { wordsOf } from './words.ts';

/** `spec.drain` in milliseconds. */
export interface DrainTimes {
  /** 0: quiet calls are waited for like any others. */
  readonly idleCallMs: number;
  readonly propagationMs: number;
  readonly sessionlessMs: number;
}

/** A pod may be deleted, or what it waits for. `recheckMs` is when time alone changes the answer. */
export type DrainDecision =
  | ({
      readonly done: true;
      /** With the calls it has: its deadline has come. */
      readonly isForced?: true;
    } & Reason)
  | ({
      readonly done: false;
      readonly recheckMs?: number;
      /** It would be over, with its calls or without, and the pod is to be asked once more. */
      readonly asks?: true;
    } & Reason);

/** The moment and the others, as far as a drain depends on them. */
export interface DrainContext {
  readonly nowMs: number;
  readonly times: DrainTimes;
  /** When each of the other pods was last published. */
  readonly publishedAtMs: readonly number[];
}

/** How far the drain of `pod` is. At its deadline it is over whatever it waits for. */
export function drainProgress(pod: PodView, mark: DrainMark, context: DrainContext): DrainDecision {
  const progress = waitingFor(pod, mark, context);
  const { deadlineMs } = mark;
  if (progress.done || deadlineMs === undefined) return progress;
  const until = { ...context, progress, deadlineMs, idleAtMs: idleFromMs(pod, progress, context) };
  return ended(pod, mark, until) ?? going(mark, until);
}

/** What a drain with a deadline waits for, and what ends it with its calls. */
interface Until extends DrainContext {
  readonly progress: Exclude<DrainDecision, { readonly done: true }>;
  readonly deadlineMs: number;
  /** See `idleFromMs`. */
  readonly idleAtMs: number;
}

/** Over with its calls: nobody in them can be heard or seen, as it says at this very moment, or its time has come. */
function ended(pod: PodView, { reason }: DrainMark, until: Until): DrainDecision | undefined {
  const { nowMs, idleAtMs, deadlineMs } = until;
  const isCertain = pod.facts?.answered === true && isOfThisMoment(pod.facts, nowMs);
  if (nowMs >= idleAtMs && isCertain)
    return { done: true, isForced: true, reason: 'CallsIdle', message: idleMessage(idleAtMs, until) };
  if (nowMs < deadlineMs || isEnding(pod, nowMs)) return undefined;
  const message = `The deadline of its drain (${reason}) was ${textOf(deadlineMs)}: ${until.progress.message}`;
  return { done: true, isForced: true, reason: 'DeadlineReached', message };
}

function going({ reason }: DrainMark, until: Until): DrainDecision {
  const { progress, nowMs, idleAtMs, deadlineMs } = until;
  const next = [progress.recheckMs ?? deadlineMs, deadlineMs, idleAtMs].filter((ms) => ms > nowMs);
  return {
    ...progress,
    message: `${progress.message}. It goes at ${textOf(deadlineMs)} at the latest (${reason})`,
    // Somebody may have spoken since it last answered.
    ...(nowMs >= idleAtMs && { asks: true }),
    ...(nowMs < deadlineMs && { recheckMs: Math.min(...next) }),
  };
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** From when on its calls may be ended because nobody can be heard or seen in any of them. */
function idleFromMs({ facts }: PodView, { reason }: Reason, { times }: DrainContext): number {
  const quiet = facts?.answered === true && reason === 'SessionsActive' ? facts.quiet : undefined;
  return quiet === undefined || times.idleCallMs === 0
    ? Number.POSITIVE_INFINITY
    : quiet.sinceMs + times.idleCallMs;
}

function idleMessage(idleAtMs: number, { times }: DrainContext): string {
  const since = textOf(idleAtMs - times.idleCallMs);
  return `Nobody in its calls could be heard or seen since ${since}, longer than drain.idleCallSeconds`;
}

/** Longest time between the last word to a pod and its end. */
const endingMs = 10_000;

/** Kubernetes has been told already, and ends it in a moment. */
function isEnding({ terminatesMs }: PodView, nowMs: number): boolean {
  return terminatesMs !== undefined && terminatesMs <= nowMs + endingMs;
}

function waitingFor(pod: PodView, mark: DrainMark, context: DrainContext): DrainDecision {
  if (pod.isTerminating) {
    const { reason, message } = terminating(pod);
    return waiting(reason, message);
  }
  if (pod.marks.publishedSinceMs === undefined) return neverPublished(pod);
  if (isOfNoUse(pod, mark)) return untilSessionless(pod, 0, context);
  const { calls, left } = wordsOf(pod);
  const believedFromMs = mark.startedMs + propagationMs(mark, context);
  if (context.nowMs < believedFromMs)
    return waiting(
      'Propagating',
      `${left}; new ${calls} may still arrive until everybody has noticed`,
      believedFromMs,
    );
  const { namedUntilMs = 0 } = pod;
  if (context.nowMs < namedUntilMs)
    return waiting(
      'StillNamed',
      'The name outside the cluster (discovery.external) leads to it, or did a moment ago: new calls may still arrive',
      namedUntilMs,
    );
  return untilSessionless(pod, Math.max(believedFromMs, namedUntilMs), context);
}

/**
 * Whether time for others to notice is lost. With the last pod of a deleted cluster its name has no address any more.
 * Mattermost then keeps the hosts that it knows for as long as they live, so after any wait a call may begin at the last
 * moment: our SFU, told to end, waits for that one; rtcd cuts it. A name outside may lead to other clusters too, and
 * clients of a coturn have others.
 */
function isOfNoUse({ engine, namedUntilMs }: PodView, { reason }: DrainMark): boolean {
  return reason === 'Deletion' && engine !== 'Coturn' && namedUntilMs === undefined;
}

function untilSessionless(pod: PodView, believedFromMs: number, context: DrainContext): DrainDecision {
  const { facts } = pod;
  const { call, calls } = wordsOf(pod);
  if (facts?.answered !== true || facts.sessions === undefined) return unknown(pod);
  if (facts.sessions > 0) return waiting('SessionsActive', `Waits for its ${calls} to end`);
  const sinceMs = Math.max(facts.sessionlessSinceMs ?? context.nowMs, believedFromMs);
  const doneMs = sinceMs + context.times.sessionlessMs;
  const about: Reason = { reason: 'Sessionless', message: `Has no ${calls} any more and is about to go` };
  if (context.nowMs < doneMs) return { done: false, ...about, recheckMs: doneMs };
  if (!isOfThisMoment(facts, context.nowMs)) return { done: false, ...about, asks: true };
  return { done: true, reason: 'Drained', message: `Its last ${call} has ended` };
}

/** A coturn that was told to drain ends by itself. */
function unknown(pod: PodView): DrainDecision {
  const { facts } = pod;
  const { sessions } = wordsOf(pod);
  if (facts?.answered === true)
    return waiting('SessionsUnknown', `Its ${sessions} are unknown: it ends by itself with the last of them`);
  const why = facts?.message ?? 'not asked yet';
  return waiting('SessionsUnknown', `Is kept because its ${sessions} are unknown: ${why}`);
}

/** DNS never named it, so nobody can have been sent there; a call that is there all the same is waited for. */
function neverPublished(pod: PodView): DrainDecision {
  const { calls } = wordsOf(pod);
  if ((sessionsOf(pod) ?? 0) > 0) return waiting('SessionsActive', `Waits for its ${calls} to end`);
  return { done: true, reason: 'NeverPublished', message: `It was never published and has no ${calls}` };
}

/** The poll of the Calls plugin: hosts that it meets in one round delay the next. */
const pluginPollMs = 10_000;
/** Longest pause of the Calls plugin before it connects to a host that is new to it, inside its one loop. */
const pluginConnectMs = 5_000;

/** `drain.propagationSeconds`, and 5 s for each host that Mattermost meets at the same time. */
function propagationMs(mark: DrainMark, { times, publishedAtMs, nowMs }: DrainContext): number {
  const fromMs = mark.startedMs - pluginPollMs;
  const met = publishedAtMs.filter((ms) => ms >= fromMs && ms <= nowMs).length;
  return times.propagationMs === 0 ? 0 : times.propagationMs + met * pluginConnectMs;
}

function waiting(reason: string, message: string, recheckMs?: number): DrainDecision {
  return { done: false, reason, message, ...(recheckMs !== undefined && { recheckMs }) };
}
