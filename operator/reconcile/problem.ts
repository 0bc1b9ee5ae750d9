/** Pod status → what is wrong, said once and in the same words while the kubelet tries again and again. */
import type { Reason } from '../fleet/pod.ts';

/** core/v1 PodStatus, as far as we read it. */
export interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
    readonly lastTransitionTime?: string;
  }[];
  readonly containerStatuses?: readonly ContainerStatus[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
}

/** core/v1 ContainerStatus, as far as we read it. */
export interface ContainerStatus {
  readonly name: string;
  readonly image: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly terminated?: Terminated;
}

interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly message?: string;
}

/** Longest part of a container's last words that reaches a condition. */
const maxWords = 400;

/** Undefined when nothing is wrong, or when it only has to start. `imageFields`: where people name the image. */
export function problemOf(
  status: PodStatus,
  imageFields = 'engine.image, engine.imagePullSecrets',
): Reason | undefined {
  if (status.phase === 'Failed' && status.reason !== undefined)
    return { reason: status.reason, message: status.message ?? 'The node refused the pod' };
  return unscheduled(status) ?? inContainers(status, imageFields);
}

function unscheduled({ conditions }: PodStatus): Reason | undefined {
  const scheduled = conditions?.find(({ type }) => type === 'PodScheduled');
  if (scheduled?.status === 'False')
    return { reason: scheduled.reason ?? 'Unschedulable', message: scheduled.message ?? 'No node takes it' };
  return undefined;
}

function inContainers(status: PodStatus, imageFields: string): Reason | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = status;
  return [...containerStatuses, ...initContainerStatuses]
    .map((container) => containerProblem(container, imageFields))
    .find((problem) => problem !== undefined);
}

function containerProblem(container: ContainerStatus, imageFields: string): Reason | undefined {
  return imageProblem(container, imageFields) ?? crash(container) ?? startProblem(container);
}

function imageProblem({ image, state }: ContainerStatus, imageFields: string): Reason | undefined {
  const { reason = '', message = reason } = state?.waiting ?? {};
  if (!imageReasons.has(reason)) return undefined;
  const cause = message.replace(/^Back-off pulling image "[^"]*"(: ErrImagePull: )?/, '').slice(0, maxWords);
  const detail = cause === '' ? '' : ` (${cause})`;
  return {
    reason: 'ImageUnavailable',
    message: `Image ${image} cannot be had${detail}: check ${imageFields} and the registry`,
  };
}

/** Between two attempts the kubelet shows the end of the last one under either name. */
function crash({ name, state, lastState }: ContainerStatus): Reason | undefined {
  const ended = state?.terminated ?? lastState?.terminated;
  return ended === undefined || ended.exitCode === 0 ? undefined : crashed(name, ended);
}

function startProblem({ name, state }: ContainerStatus): Reason | undefined {
  const { reason = '', message = `Container ${name} does not start` } = state?.waiting ?? {};
  return reason === '' || harmless.has(reason) ? undefined : { reason, message };
}

/** All the names the kubelet has for an image that does not come; it alternates between them. */
const imageReasons = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
]);

const harmless = new Set(['ContainerCreating', 'PodInitializing']);

function crashed(name: string, { exitCode, reason, message }: Terminated): Reason {
  if (reason === 'OOMKilled')
    return { reason, message: `Container ${name} ran out of memory: raise resources.limits.memory` };
  const lastWords = message?.trim().slice(-maxWords) ?? '';
  const said = lastWords === '' ? `see kubectl logs --previous` : lastWords;
  return {
    reason: 'ContainerCrashed',
    message: `Container ${name} ended with exit code ${exitCode}: ${said}`,
  };
}
