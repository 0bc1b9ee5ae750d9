/** The operator empties pods, on a real API server and its controllers; scheduler, nodes, kubelets and SFUs are faked. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import type { FakeNode } from '../../support/fakeNodes.ts';
import { actsOn, base, namesOf, published } from './acts.ts';

const acts = actsOn({ nodes: 3 });

describe('scaling down while people talk', () => {
  beforeEach(() => acts.begin(), 60_000);
  afterEach(() => acts.end(), 60_000);

  /** The node of the pod that drains, with a call on every node. */
  async function drainOne(spec: object = {}): Promise<FakeNode> {
    await acts.two();
    for (const { sfu } of acts.stage.fakes.nodes) sfu.sessions = 3;
    await eventually(async () =>
      (await acts.calls.status()).sessions?.current === 6 ? undefined : 'not seen yet',
    );
    await acts.calls.apply({ replicas: 1, ...spec });
    const { node } = await acts.calls.untilMember('Draining', 'SessionsActive');
    return acts.stage.fakes.nodes.find(({ name }) => name === node)!;
  }

  test('waits for the calls, then deletes', async () => {
    const { sfu } = await drainOne();
    await acts.calls.untilPods(1, published);
    await eventually(() => (sfu.isDraining ? undefined : 'it was not told'));
    await acts.calls.untilPods(2);
    sfu.sessions = 0;
    expect((await acts.calls.untilPods(1)).map(acts.stage.nodeOf)[0]?.sfu).not.toBe(sfu);
  }, 60_000);

  test('keeps a pod that does not answer', async () => {
    const { sfu } = await drainOne();
    sfu.answers = false;
    await acts.calls.untilMember('Draining', 'SessionsUnknown');
    await acts.calls.untilPods(2);
    sfu.answers = true;
    await acts.calls.untilMember('Draining', 'SessionsActive');
  }, 60_000);

  test('brings the pod back when it is wanted again, instead of a new one', async () => {
    const { sfu, name } = await drainOne();
    await acts.calls.apply({ replicas: 2 });
    const pods = await acts.calls.untilPods(2, published);
    expect(pods.map((pod) => acts.stage.nodeOf(pod).name)).toContain(name);
    await eventually(() => (sfu.isDraining ? 'it still drains' : undefined));
  }, 60_000);

  test('ends calls at the deadline that is on the pod, also after the operator has started again', async () => {
    const overrides = [{ reason: 'ScaleDown', policy: 'ForceAfter', timeoutSeconds: 4 }];
    const { sfu } = await drainOne({ drain: { ...base.drain, overrides } });
    await acts.operator.stop();
    acts.startAgain();
    expect((await acts.calls.untilPods(1)).map(acts.stage.nodeOf)[0]?.sfu).not.toBe(sfu);
    expect(sfu.sessions).toBe(3);
  }, 60_000);

  test('empties a pod that a person asks for, and brings it back when that is taken back', async () => {
    await acts.two();
    const [pod] = await acts.calls.untilPods(2, published);
    const { namespace = '', name } = pod!.metadata;
    acts.stage.nodeOf(pod!).sfu.sessions = 1;
    const annotate = (change: string): Promise<string> =>
      acts.stage.cluster.kubectl(
        'annotate',
        'pod',
        '-n',
        namespace,
        name,
        `rtc.progressnet.gr/requested-state${change}`,
      );
    await annotate('=Draining');
    const { message } = await acts.calls.untilMember('Draining', 'SessionsActive');
    expect(message).toContain('by kubectl-annotate');
    await acts.calls.untilCondition('Draining', /^True Requested$/);
    await annotate('-');
    await acts.calls.untilCondition('Draining', /^False NothingDrains$/);
    expect(namesOf(await acts.calls.untilPods(2, published))).toContain(name);
  }, 60_000);

  test('is continued by an operator that starts again', async () => {
    const { sfu } = await drainOne();
    await acts.operator.stop();
    sfu.sessions = 0;
    acts.startAgain();
    expect((await acts.calls.untilPods(1)).map(acts.stage.nodeOf)[0]?.sfu).not.toBe(sfu);
    await acts.calls.untilPods(1, published);
  }, 60_000);
});
