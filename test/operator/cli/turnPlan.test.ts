/** `plan` and `why` of a TurnServer, from records of a simulated one. */
import { describe, expect, test } from '@jest/globals';
import { plainStyle } from '../../../operator/cli/text.ts';
import { planText } from '../../../operator/cli/views/planText.ts';
import { turnPlanView } from '../../../operator/cli/views/turnPlan.ts';
import { whyView } from '../../../operator/cli/views/why.ts';
import { whyText } from '../../../operator/cli/views/whyText.ts';
import { annotations } from '../../../operator/desired/names.ts';
import { running } from '../fields/turn/situation.ts';
import { nowMs } from '../../support/pods.ts';
import { aTurnRecord, settledTurnRecord } from '../../support/turnRecords.ts';

const busy = running({ allocations: 3 }, { allocations: 3 });
const manifest = (spec: object, metadata: object = {}): object => ({
  ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer' },
  metadata: { name: 'edge', ...metadata },
  spec: { placement: { replicas: 2 }, ...spec },
});

describe('a plan of a TurnServer', () => {
  test('names the pod that drains when fewer are wanted, and until when at most', async () => {
    const record = await settledTurnRecord({ situation: busy });
    const view = turnPlanView(record, manifest({ placement: { replicas: 1 } }));
    expect(view.wanted).toEqual({ before: 2, after: 1, message: 'by placement.replicas' });
    expect(view.drains).toMatchObject([{ name: 'edge-turn-1', sessions: 3, deadline: expect.any(String) }]);
    const text = planText(view, plainStyle);
    expect(text).toContain('TurnServer mattermost/edge');
    expect(text).toContain('placement.replicas: 2 → 1');
    expect(text).toMatch(/Drains edge-turn-1 \(3 allocations, 0 % load\)/);
    expect(text).toMatch(/with the allocations it still has/);
    expect(text).not.toMatch(/calls|session|undefined/);
  });

  test('tells the steps of a rotation that somebody asked for', async () => {
    const record = await settledTurnRecord({ situation: busy });
    const view = turnPlanView(record, manifest({}, { annotations: { [annotations.turnRotate]: 'now' } }));
    expect(view.rotation).toMatchObject({ stage: 'Distributing' });
    expect(planText(view, plainStyle)).toContain('TURN secret: Distributing: ');
  });

  test('says first that a paused one stays as it is', async () => {
    const record = await settledTurnRecord();
    const view = turnPlanView(record, manifest({}, { annotations: { [annotations.paused]: 'why not' } }));
    expect(view.paused).toContain('"why not"');
  });

  test('says so when the operator does not know the image of the agent', async () => {
    const view = turnPlanView({ ...(await settledTurnRecord()), settings: {} });
    expect(view.paused).toContain('--own-image');
  });

  test('names the field of a spec that cannot be read, and refuses another object', async () => {
    const record = await settledTurnRecord();
    const broken = turnPlanView(record, manifest({ placement: { replicas: -1 } }));
    expect(broken.problem).toMatch(/^The spec cannot be read: spec.placement.replicas: /);
    expect(() => turnPlanView(record, { kind: 'RTCCluster', metadata: { name: 'edge' } })).toThrow(
      /must hold TurnServer mattermost\/edge; it holds RTCCluster/,
    );
  });
});

describe('why, of a TurnServer', () => {
  test('tells its pods, where its secret stands, and nothing of calls', async () => {
    const view = whyView(await settledTurnRecord({ situation: busy }));
    expect(view).toMatchObject({
      about: { kind: 'TurnServer', namespace: 'mattermost', name: 'edge' },
      pods: { wanted: 2, binding: 'placement.replicas' },
      rotation: { stage: 'Stable' },
    });
    expect(view.members).toMatchObject([
      { name: 'edge-turn-0', state: 'Published', sessions: 3 },
      { name: 'edge-turn-1', state: 'Published', sessions: 3 },
    ]);
    const text = whyText(view, plainStyle, nowMs + 90_000);
    expect(text).toContain('TurnServer mattermost/edge: decided 1m30s ago by rtc-operator-0');
    expect(text).toContain('edge-turn-0 on n1: Published, published, 3 allocations');
    expect(text).toContain('TURN secret\n  Stable: ');
    expect(text).not.toMatch(/\bcalls?\b|sessions?\b|undefined/);
  });

  test('tells what to do in the words of a TurnServer', async () => {
    const record = await settledTurnRecord();
    const [member] = record.last!.members;
    const failing = { ...member!, reason: 'ImageUnavailable', message: 'why' };
    const { members } = whyView({ ...record, last: { ...record.last!, members: [failing] } });
    expect(members[0]?.toDo ?? '').not.toMatch(/engine\.image|rollout undo/);
  });

  test('of one pod tells only of that pod', async () => {
    const view = whyView(await settledTurnRecord(), 'edge-turn-1');
    expect(view.members.map(({ name }) => name)).toEqual(['edge-turn-1']);
    expect(view).not.toHaveProperty('rotation');
  });

  test('before the first decision says that nothing was decided', () => {
    const text = whyText(whyView(aTurnRecord()), plainStyle, nowMs);
    expect(text).toContain('TurnServer mattermost/edge: nothing was decided yet');
  });
});
