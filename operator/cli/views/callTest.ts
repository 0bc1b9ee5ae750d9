/** PURE: the record of a cluster → what the last probe call to each of its pods found. */
import { isFailure } from '../../fleet/probe.ts';
import type { ProbeResult } from '../../fleet/probeFacts.ts';
import type { PodView } from '../../fleet/pod.ts';
import type { ClusterRecord } from '../../record/record.ts';
import { durationText, parts, type Style, table, timeText } from '../text.ts';

/** One probe call, or why there was none. */
export interface CallResult {
  readonly pod: string;
  readonly node?: string;
  /** media: do two hear each other on it? reach: do its advertised addresses lead there? */
  readonly question: 'media' | 'reach';
  /** Untried: no probe call was placed yet, or the SFU cannot. */
  readonly outcome: ProbeResult['outcome'] | 'Untried';
  readonly message: string;
  readonly joinMs?: number;
  readonly lossPercent?: number;
  /** Addresses that were called. */
  readonly addresses?: string;
  /** Node of the SFU that called; absent: the pod called itself. */
  readonly from?: string;
  readonly time?: string;
}

/** See the file comment. */
export interface CallTestView {
  readonly calls: readonly CallResult[];
  /** Those of them that are failures: with `verify: Advisory` an address that nobody inside reaches is none. */
  readonly failed: number;
}

/** `pod` limits it to one. */
export function callTestView(record: ClusterRecord, pod?: string): CallTestView {
  const pods = record.observed.views.filter(({ name }) => pod === undefined || name === pod);
  const calls = pods.flatMap((view) => {
    const probe = view.facts?.answered === true ? view.facts.probe : undefined;
    return [resultOf(view, 'media', probe?.media), resultOf(view, 'reach', probe?.reach)];
  });
  const { cluster } = record.observed;
  const verify = cluster.ok ? cluster.value.spec.network.address.verify : 'Advisory';
  const failed = calls.filter(({ outcome, question }) => outcome === 'Failed' && isFailure(question, verify));
  return { calls, failed: failed.length };
}

function resultOf(
  { name, nodeName, facts }: PodView,
  question: CallResult['question'],
  found: ProbeResult | undefined,
): CallResult {
  const about = { pod: name, ...(nodeName !== undefined && { node: nodeName }), question };
  if (found === undefined) {
    const why =
      facts?.answered === true ? 'no probe call was placed yet' : 'the pod does not answer the operator';
    return { ...about, outcome: 'Untried', message: why };
  }
  const { outcome, message, joinMs, lossPercent, addresses, fromNode, atMs } = found;
  return {
    ...{ ...about, outcome, message, addresses, time: timeText(atMs) },
    ...(joinMs !== undefined && { joinMs }),
    ...(lossPercent !== undefined && { lossPercent }),
    ...(fromNode !== undefined && { from: fromNode }),
  };
}

/** The same for people. */
export function callTestText({ calls }: CallTestView, style: Style, nowMs: number): string {
  if (calls.length === 0) return 'There are no SFU pods.';
  const head = ['POD', 'QUESTION', 'OUTCOME', 'JOIN', 'LOSS', 'PATH', 'AGE'];
  const rows = calls.map((call) => [
    ...[call.pod, call.question, call.outcome, unit(call.joinMs, ' ms'), unit(call.lossPercent, ' %')],
    `${call.from ?? 'itself'} → ${call.addresses ?? '?'}`,
    call.time === undefined ? '' : durationText(nowMs - Date.parse(call.time)),
  ]);
  const told = calls
    .filter(({ outcome }) => outcome !== 'Passed')
    .map(({ pod, question, outcome, message }) => {
      const colour = outcome === 'Failed' ? style.bad : style.warn;
      return `${colour(`${pod} ${question}`)}: ${message}`;
    });
  return parts([table([head, ...rows])], told);
}

function unit(value: number | undefined, of: string): string {
  return value === undefined ? '' : `${Math.round(value * 10) / 10}${of}`;
}
