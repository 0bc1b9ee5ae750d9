import { describe, expect, test } from '@jest/globals';
import { plainStyle } from '../../../operator/cli/text.ts';
import { concernsOf, whyView, type WhyView } from '../../../operator/cli/views/why.ts';
import { whyText } from '../../../operator/cli/views/whyText.ts';
import { facts, aPod, before, nowMs } from '../../support/pods.ts';
import { aRecord, type Recorded } from '../../support/records.ts';

const busy = facts({ sessions: 3, load: 0.12 });
const pods = [
  aPod({ name: 'calls-sfu-0', facts: busy }),
  aPod({ name: 'calls-sfu-1', facts: busy, marks: { requested: { text: 'Draining', by: 'kubectl-rtc' } } }),
];
const view = (recorded: Recorded = {}, pod?: string): WhyView => whyView(aRecord({ pods, ...recorded }), pod);

describe('why', () => {
  test('tells how many pods are wanted, what decided that and what it was made from', () => {
    expect(view({ spec: { replicas: 1 } }).pods).toMatchObject({
      ...{ wanted: 1, binding: 'replicas' },
      inputs: { sessions: 6, pods: 2 },
    });
  });

  test('tells of each pod its state, the reason, its use, and who wants it gone', () => {
    expect(view().members).toMatchObject([
      { name: 'calls-sfu-0', state: 'Published', isInDns: true, sessions: 3, loadPercent: 12 },
      {
        name: 'calls-sfu-1',
        cause: expect.stringContaining('Draining by annotation requested-state by kubectl-rtc'),
      },
    ]);
  });

  test('names what is not as it should be, the worst first, each with what to do', () => {
    const { concerns } = view({ spec: { minPods: 1 }, pods: [] });
    expect(concerns.map(({ type }) => type)).toContain('Available');
    expect(concerns[0]).toMatchObject({ urgency: 'Broken' });
    expect(concerns.find(({ type }) => type === 'Available')).toMatchObject({
      toDo: 'See EndpointsPublished.',
    });
  });

  test('leaves out conditions that are well or that somebody wished', () => {
    const condition = { observedGeneration: 1, lastTransitionTime: '2026-11-23T11:00:00Z', message: '' };
    expect(
      concernsOf({
        conditions: [
          { ...condition, type: 'Ready', status: 'True', reason: 'AllPublished' },
          { ...condition, type: 'Draining', status: 'False', reason: 'NothingDrains' },
          { ...condition, type: 'ReconciliationPaused', status: 'True', reason: 'Paused' },
        ],
      }),
    ).toMatchObject([{ type: 'ReconciliationPaused', urgency: 'Attention' }]);
  });

  test('of one pod tells only of that pod', () => {
    const change = { atMs: before(1000), is: 'Published', reason: 'Published', message: '' };
    const changes = [
      { ...change, about: 'pod calls-sfu-0' },
      { ...change, about: 'pod calls-sfu-1' },
    ];
    const one = view({ changes }, 'calls-sfu-0');
    expect(one.members.map(({ name }) => name)).toEqual(['calls-sfu-0']);
    expect(one.changes).toHaveLength(1);
    expect(one).not.toHaveProperty('pods');
  });

  test('says first what is wrong with a spec that cannot be read, and of the decision below that it is older', () => {
    const record = aRecord({ pods });
    const cluster = { ok: false, message: 'spec.replicas: expected a number ≥ 0' } as const;
    const broken = whyView({ ...record, observed: { ...record.observed, cluster } });
    expect(broken).toMatchObject({
      problem: expect.stringContaining('spec.replicas'),
      decided: expect.any(String),
    });
    const [first, , second] = whyText(broken, plainStyle, nowMs + 90_000).split('\n');
    expect(first).toBe(
      'RTCCluster mattermost/calls: The spec cannot be read: spec.replicas: expected a number ≥ 0',
    );
    expect(second).toMatch(/until the spec is mended.*decided 1m30s ago.*from the spec before it/);
  });

  test('is text for people, from the same view', () => {
    const text = whyText(view(), plainStyle, nowMs + 90_000);
    expect(text).toContain('RTCCluster mattermost/calls: decided 1m30s ago by rtc-operator-0');
    expect(text).toContain('2 serving pods are wanted (by replicas)');
    expect(text).toContain('calls-sfu-0 on n1: Published, in DNS, 3 sessions, 12 % load');
    expect(text).toContain('No change since this operator leads');
    expect(text).not.toContain('undefined');
  });
});
