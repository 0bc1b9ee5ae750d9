import { describe, expect, test } from '@jest/globals';
import { problemOf, type ContainerStatus } from '../../../operator/reconcile/problem.ts';

/** The problem of a pod with one container in this state. */
const container = (status: Partial<ContainerStatus>): ReturnType<typeof problemOf> =>
  problemOf({ phase: 'Pending', containerStatuses: [{ name: 'sfu', image: 'sfu:1', ...status }] });
const waiting = (reason: string, message?: string): Partial<ContainerStatus> => ({
  state: { waiting: { reason, ...(message !== undefined && { message }) } },
});
const crash = { exitCode: 1, reason: 'Error', message: 'listen EADDRINUSE: 10.0.0.1:8443\n' };
const crashMessage = 'Container sfu ended with exit code 1: listen EADDRINUSE: 10.0.0.1:8443';

describe('nothing is wrong with a pod', () => {
  test.each([
    ['that has just been made', {}],
    ['whose container is created', waiting('ContainerCreating')],
    ['whose container runs', { state: {} }],
    ['whose container ended well before', { lastState: { terminated: { exitCode: 0 } } }],
  ])('%s', (_, status) => {
    expect(container(status)).toBeUndefined();
  });
});

describe('the problem of a pod is', () => {
  test.each(['ErrImagePull', 'ImagePullBackOff'])(
    'one and the same image, whatever the kubelet calls it: %s',
    (reason) => {
      const cause = 'failed to resolve reference "sfu:1"';
      const prefix = reason === 'ErrImagePull' ? '' : 'Back-off pulling image "sfu:1": ErrImagePull: ';
      expect(container(waiting(reason, prefix + cause))).toEqual({
        reason: 'ImageUnavailable',
        message: `Image sfu:1 cannot be had (${cause}): check engine.image, engine.imagePullSecrets and the registry`,
      });
    },
  );

  test.each([
    ['while it waits', { ...waiting('CrashLoopBackOff', 'back-off 40s'), lastState: { terminated: crash } }],
    ['while it starts again', { state: {}, lastState: { terminated: crash } }],
    ['right after', { state: { terminated: crash } }],
  ])('the last words of a container that crashes, %s', (_, status) => {
    expect(container(status)).toEqual({ reason: 'ContainerCrashed', message: crashMessage });
  });

  test('where to look when there were no last words', () => {
    expect(container({ state: { terminated: { exitCode: 139 } } })?.message).toContain(
      'kubectl logs --previous',
    );
  });

  test('too little memory, with the remedy', () => {
    expect(container({ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })).toEqual({
      reason: 'OOMKilled',
      message: 'Container sfu ran out of memory: raise resources.limits.memory',
    });
  });

  test('a Secret that is missing, in the words of the kubelet', () => {
    const message = 'secret "calls-admin" not found';
    expect(container(waiting('CreateContainerConfigError', message))).toEqual({
      reason: 'CreateContainerConfigError',
      message,
    });
  });

  test('what the scheduler says', () => {
    const message = '0/3 nodes are available';
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message }];
    expect(problemOf({ phase: 'Pending', conditions })).toEqual({ reason: 'Unschedulable', message });
  });

  test('what the node says when it refuses it', () => {
    const message = 'Predicate NodePorts failed';
    expect(problemOf({ phase: 'Failed', reason: 'NodePorts', message })).toEqual({
      reason: 'NodePorts',
      message,
    });
  });
});
