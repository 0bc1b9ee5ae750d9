/** Whether a new revision has failed: by a pod of it that does not get into DNS in time, or that fell out again. */
import type { PodView, Reason } from '../pod.ts';
import type { GateDecision } from '../publish.ts';
import type { Crew } from './crew.ts';
import { worsePaths } from './paths.ts';

/** What failure is judged by. */
export interface FailureInput {
  readonly crew: Crew;
  readonly gates: ReadonlyMap<string, GateDecision>;
  /** Room for one more pod; undefined when nobody knows. */
  readonly freeNodes: number | undefined;
  /** `update.progressDeadlineSeconds` in milliseconds. */
  readonly deadlineMs: number;
  readonly nowMs: number;
}

/** A failure, or when time alone may make one. */
export interface FailureDecision {
  readonly failure?: Reason;
  readonly recheckMs?: number;
}

/** With nothing in DNS a pod that says what is wrong with it is given no more time than this. */
const emptyPatienceMs = 30_000;

/** The first failure found among the updated pods. */
export function failureOf(input: FailureInput): FailureDecision {
  const looks = input.crew.updated.map((pod) => look(pod, input));
  const failed = looks.find(({ failure }) => failure !== undefined);
  if (failed !== undefined) return failed;
  const worse = worsePaths(input.crew);
  if (worse !== undefined) return { failure: worse };
  const times = looks.flatMap(({ recheckMs }) => recheckMs ?? []);
  return times.length === 0 ? {} : { recheckMs: Math.min(...times) };
}

function look(pod: PodView, input: FailureInput): FailureDecision {
  const gate = input.gates.get(pod.uid);
  if (gate?.ok !== false || pod.marks.drain !== undefined) return {};
  return pod.marks.publishedSinceMs === undefined ? late(pod, gate, input) : fallen(pod);
}

/** Never published. Its time begins when it has a node: before that the pod in its place may still have calls. */
function late(pod: PodView, gate: Reason, input: FailureInput): FailureDecision {
  const sinceMs = startOf(pod, input.freeNodes);
  if (sinceMs === undefined) return {};
  const isAlone = input.crew.available.length === 0 && pod.problem !== undefined;
  const patienceMs = isAlone ? Math.min(emptyPatienceMs, input.deadlineMs) : input.deadlineMs;
  const dueMs = sinceMs + patienceMs;
  if (input.nowMs < dueMs) return { recheckMs: dueMs };
  const message = `${pod.name} was not published within ${patienceMs / 1000} s: ${(pod.problem ?? gate).message}`;
  return { failure: { reason: 'ProgressDeadlineExceeded', message } };
}

function startOf(pod: PodView, freeNodes: number | undefined): number | undefined {
  if (pod.nodeName !== undefined) return pod.scheduledMs ?? pod.createdMs;
  return freeNodes === undefined || freeNodes > 0 ? pod.createdMs : undefined;
}

/** It was in DNS, and says itself why it is not any more. A node that fails is no fault of the revision. */
function fallen({ name, isReady, node, problem }: PodView): FailureDecision {
  if (isReady || problem === undefined || node?.isReady !== true) return {};
  return { failure: { reason: 'UpdatedPodFailed', message: `${name} fell out of DNS: ${problem.message}` } };
}
