/** PURE: pods as several verbs show them. */
import type { Member } from '../../fleet/members.ts';
import type { PodView } from '../../fleet/pod.ts';
import { timeText } from '../text.ts';

/** One pod, as it is and as it is to be. */
export interface PodRow {
  readonly name: string;
  readonly node?: string;
  readonly state: string;
  readonly reason?: string;
  readonly message?: string;
  /** Who or what wants it gone. */
  readonly cause?: string;
  readonly isInDns: boolean;
  /** Absent: nobody knows. */
  readonly sessions?: number;
  readonly loadPercent?: number;
  /** RFC 3339: when it goes with its calls; absent: it waits for them. */
  readonly deadline?: string;
}

/** What is live of a pod. */
export function useOf({ facts }: Pick<PodView, 'facts'>): Pick<PodRow, 'sessions' | 'loadPercent'> {
  if (facts?.answered !== true) return {};
  const loadPercent = Math.round(facts.load * 100);
  return { loadPercent, ...(facts.sessions !== undefined && { sessions: facts.sessions }) };
}

/** One row. */
export function podRow(member: Member): PodRow {
  const { pod, state, reason, message, cause, deadlineMs, isPublished } = member;
  return {
    name: pod.name,
    ...(pod.nodeName !== undefined && { node: pod.nodeName }),
    state,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
    ...(cause !== undefined && { cause }),
    isInDns: isPublished,
    ...useOf(pod),
    ...(deadlineMs !== undefined && { deadline: timeText(deadlineMs) }),
  };
}

/** `3 sessions, 12 % load`; `counted` is what is counted, in the plural. */
export function useText(
  { sessions, loadPercent }: Pick<PodRow, 'sessions' | 'loadPercent'>,
  counted = 'sessions',
): string {
  if (sessions === undefined) return `${counted} unknown`;
  const load = loadPercent === undefined ? '' : `, ${loadPercent} % load`;
  return `${sessions} ${sessions === 1 ? counted.slice(0, -1) : counted}${load}`;
}
