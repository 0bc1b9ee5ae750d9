import { describe, expect, test } from '@jest/globals';
import { plainStyle } from '../../../operator/cli/text.ts';
import { planView, type PlanView } from '../../../operator/cli/views/plan.ts';
import { planText } from '../../../operator/cli/views/planText.ts';
import { aNode, aPod, facts } from '../../support/pods.ts';
import { aRecord } from '../../support/records.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { revisionInputs, revisionOf } from '../../../operator/desired/revision.ts';

const revision = revisionOf(revisionInputs(aCluster(), 'image'));
const busy = facts({ sessions: 3 });
const pods = ['n1', 'n2'].map((name, index) =>
  aPod({ name: `calls-sfu-${index}`, revision, facts: busy, nodeName: name, node: aNode({ name }) }),
);
const record = aRecord({ pods });
const manifest = (spec: object, name = 'calls'): object => ({
  ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster', metadata: { name } },
  spec: { replicas: 2, ...spec },
});
const names = (rows: readonly { readonly name: string }[]): string[] => rows.map(({ name }) => name);

describe('a plan', () => {
  test('without an edit is what is about to happen', () => {
    const view = planView(record);
    expect(view).toMatchObject({ drains: [], deletions: [], creates: 0, wanted: { before: 2, after: 2 } });
    expect(view).not.toHaveProperty('edit');
    expect(planView(aRecord({ pods: [] }))).toMatchObject({ creates: 2 });
  });

  test('of fewer pods names the one that drains, why, and until when at most', () => {
    const drain = { overrides: [{ reason: 'ScaleDown', policy: 'ForceAfter', timeoutSeconds: 600 }] };
    const view = planView(record, manifest({ replicas: 1, drain }));
    expect(view.wanted).toMatchObject({ before: 2, after: 1 });
    expect(view.drains).toMatchObject([
      { name: 'calls-sfu-1', deadline: '2026-11-23T12:10:00Z', sessions: 3 },
    ]);
    expect(view.edit?.map(({ field }) => field)).toEqual(['replicas', 'drain.overrides']);
  });

  test('of another image names who drains first, who follows, and how long each may take', () => {
    const drain = { policy: 'ForceAfter', timeoutSeconds: 3600 };
    const view = planView(record, manifest({ engine: { image: 'next' }, drain }));
    expect(names(view.drains)).toHaveLength(1);
    expect(names(view.later)).toHaveLength(1);
    expect(new Set([...names(view.drains), ...names(view.later)]).size).toBe(2);
    expect(view).toMatchObject({ longestRolloutDrain: '1h' });
    expect(view.newRevision).not.toBe(revision);
  });

  test('tells writes of Secrets only where one is missing: it knows no values', () => {
    const secrets = planView(record).writes.filter(({ kind }) => kind === 'Secret');
    expect(names(secrets)).toEqual(['calls-admin', 'calls-client-mattermost', 'calls-mattermost-env']);
    expect(planView(record).untold.join()).toContain('Secret');
  });

  test('of a paused cluster says first that nothing is done for now', () => {
    const object = manifest({ replicas: 1 }) as { metadata: object };
    const paused = {
      ...object,
      metadata: { name: 'calls', annotations: { 'rtc.progressnet.gr/paused': 'why not' } },
    };
    const view = planView(record, paused);
    expect(view.paused).toContain('"why not"');
    expect(planText(view, plainStyle).split('\n')[1]).toMatch(/^Paused: .*is done when it ends$/);
    expect(planView(record)).not.toHaveProperty('paused');
  });

  test('names the field of a spec that cannot be read', () => {
    const view: PlanView = planView(record, manifest({ replicas: -1 }));
    expect(view.problem).toMatch(/^The spec cannot be read: spec.replicas: /);
  });

  test('refuses the manifest of another cluster', () => {
    expect(() => planView(record, manifest({}, 'others'))).toThrow(
      /calls; it holds RTCCluster mattermost\/others/,
    );
    expect(() => planView(record, null)).toThrow(RangeError);
  });

  test('is text for people, from the same view', () => {
    const text = planText(planView(record, manifest({ engine: { image: 'next' } })), plainStyle);
    expect(text).toContain('engine.image: none → "next"');
    expect(text).toMatch(/Drains calls-sfu-\d \(3 sessions, 0 % load\)/);
    expect(text).toContain('Then, step by step, replaces by revision');
    expect(text).toContain('each waits for its calls as long as they last (drain.policy Wait)');
    expect(text).not.toContain('undefined');
  });
});
