/** What is wrong reaches people, on a real API server and its controllers; scheduler, nodes, kubelets and SFUs are faked. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as resources from '../../../operator/kube/resources.ts';
import { eventually } from '../../support/eventually.ts';
import { actsOn, base, published } from './acts.ts';

const acts = actsOn({ nodes: 3 });

test('a pod whose probe call fails is not published, and its SFU says which port (fake SFU)', async () => {
  await acts.begin();
  const message = 'UDP 10.0.0.1:8045 (worker 0): no connection within 5 s';
  for (const { sfu } of acts.stage.fakes.nodes) sfu.probe = { ok: false, message, paths: [{}] };
  await acts.calls.apply({ replicas: 1 });
  const member = await acts.calls.untilMember('Gated', 'ProbeFailed');
  expect(member.message).toContain(message);
  await acts.calls.untilCondition('Ready', /^False ProbeFailed$/);
  await acts.calls.untilCondition('AddressesReachable', /^False NotReachable$/);
  expect(await acts.calls.list(resources.pods, published)).toEqual([]);
  await acts.end();
}, 60_000);

describe('what goes wrong is said, and passes with its cause', () => {
  beforeEach(() => acts.begin(), 60_000);
  afterEach(() => acts.end(), 60_000);

  test('a container that crashes', async () => {
    for (const node of acts.stage.fakes.nodes)
      node.crash = { exitCode: 1, message: 'listen EADDRINUSE 8443' };
    await acts.calls.apply({ replicas: 1 });
    await acts.calls.untilCondition('Ready', /^False ContainerCrashed$/);
    const { message } = await acts.calls.untilMember('Failed');
    expect(message).toBe('Container sfu ended with exit code 1: listen EADDRINUSE 8443');
    const [pod] = await acts.calls.untilPods(1);
    await acts.evict(pod!); // It was never in DNS, nobody can have a call on it.
    for (const node of acts.stage.fakes.nodes) node.crash = undefined;
    await acts.calls.untilCondition('Ready', /^True/);
  }, 60_000);

  test('more pods than nodes', async () => {
    await acts.calls.apply({ replicas: 4 });
    await acts.calls.untilCondition('Ready', /^False Unschedulable$/);
    await acts.calls.untilPods(3, published);
    await acts.calls.apply({ replicas: 3 });
    await acts.calls.untilCondition('Ready', /^True/);
  }, 60_000);

  test('a Service of that name that belongs to somebody else', async () => {
    await acts.stage.cluster.kubectl(
      'create',
      '-n',
      acts.calls.namespace,
      'service',
      'clusterip',
      'calls-rtcd',
      '--tcp=80',
    );
    await acts.calls.apply({ replicas: 1 });
    await acts.calls.untilCondition('Ready', /^False NameTaken$/);
    await acts.stage.cluster.kubectl('delete', '-n', acts.calls.namespace, 'service', 'calls-rtcd');
    await acts.calls.untilCondition('Ready', /^True/);
  }, 60_000);

  test('a namespace whose pod security forbids the network of the node', async () => {
    const enforce = 'pod-security.kubernetes.io/enforce';
    await acts.stage.cluster.kubectl('label', 'namespace', acts.calls.namespace, `${enforce}=restricted`);
    await acts.calls.apply({ replicas: 1 });
    await acts.calls.untilCondition('Ready', /^False PodSecurityForbids$/);
    await acts.calls.untilCondition('PodSecurityCompatible', /^False PodSecurityForbids$/);
    await acts.stage.cluster.kubectl('label', 'namespace', acts.calls.namespace, `${enforce}-`);
    await acts.calls.untilCondition('Ready', /^True/);
    await acts.calls.untilCondition('PodSecurityCompatible', /^True Admitted$/);
  }, 60_000);
});

describe('a deleted RTCCluster', () => {
  beforeEach(() => acts.begin(), 60_000);
  afterEach(() => acts.end(), 60_000);

  test('goes when its last call has ended, whoever has noticed, and takes its children along', async () => {
    const drain = { ...base.drain, propagationSeconds: 600, timeoutSeconds: 3600 };
    await acts.calls.apply({ replicas: 1, drain });
    await acts.calls.untilCondition('Ready', /^True/);
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 1;
    await acts.calls.untilPods(1, 'rtc.progressnet.gr/busy=true');
    await acts.calls.remove();
    await acts.calls.untilCondition('Ready', /^False Deleting$/);
    await acts.calls.untilMember('Draining', 'SessionsActive');
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 0;
    await eventually(async () => ((await acts.calls.isGone()) ? undefined : 'it is still there'));
    await eventually(async () =>
      (await acts.calls.list(resources.services)).length === 0 ? undefined : 'a Service',
    );
  }, 60_000);

  test('at once, and made again under its name, serves beside the pod that still carries a call of the former one', async () => {
    await acts.calls.apply({ replicas: 1, deletionPolicy: 'Immediate' });
    await acts.calls.untilCondition('Ready', /^True/);
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 1;
    const [former] = await acts.calls.untilPods(1, 'rtc.progressnet.gr/busy=true');
    await acts.calls.remove();
    await eventually(async () => ((await acts.calls.isGone()) ? undefined : 'it is still there'));
    await acts.calls.apply({ replicas: 1 });
    await acts.calls.untilCondition('Ready', /^True/);
    const names = (await acts.calls.list(resources.pods)).map(({ metadata }) => metadata.name);
    expect(names).toEqual([former!.metadata.name, 'calls-sfu-1']);
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 0;
  }, 60_000);
});
