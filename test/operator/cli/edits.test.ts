import { describe, expect, test } from '@jest/globals';
import {
  acknowledge,
  pause,
  reserve,
  undoRollout,
  unreserve,
  type Edit,
} from '../../../operator/cli/views/edits.ts';
import { durationMs, timeMs } from '../../../operator/cli/views/durations.ts';
import { rolloutText, rolloutView } from '../../../operator/cli/views/rollout.ts';
import { revisionInputs } from '../../../operator/desired/revision.ts';
import { revisionObject } from '../../../operator/desired/revisionRecord.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { nowMs } from '../../support/pods.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const object = (spec: object = {}, status: object = {}): KubeObject => {
  const cluster = aCluster({ replicas: undefined, ...spec });
  return { ...cluster, status } as unknown as KubeObject;
};
const refusal = (edit: Edit): string =>
  'refusal' in edit ? edit.refusal : `patched: ${JSON.stringify(edit.patch)}`;
const patched = (edit: Edit): unknown => ('patch' in edit ? edit.patch : edit.refusal);

const event = {
  name: 'town-hall',
  start: '2027-01-12T14:00:00Z',
  end: '2027-01-12T16:00:00Z',
  sessions: 250,
};

describe('a reservation', () => {
  const auto = (reservations: readonly object[] = []): KubeObject =>
    object({
      scaling: { mode: 'Auto', minPods: 1, maxPods: 2, target: { sessionsPerPod: 100 }, reservations },
    });

  test('is added to the others, in place of one of its name, and tells how many pods it asks for', () => {
    const edit = reserve(
      auto([
        { ...event, sessions: 1 },
        { ...event, name: 'other' },
      ]),
      event,
      nowMs,
    );
    expect(patched(edit)).toMatchObject({ spec: { scaling: { reservations: [{ name: 'other' }, event] } } });
    expect('follows' in edit && edit.follows.join()).toContain('At least 3 pods');
    expect('follows' in edit && edit.follows.join()).toContain('scaling.maxPods is 2: raise it');
  });

  test('is refused where it would come to nothing', () => {
    expect(refusal(reserve(object({ replicas: 2 }), event, nowMs))).toContain(
      'scaling.mode Auto, and it is Manual',
    );
    expect(refusal(reserve(auto(), { ...event, end: event.start }, nowMs))).toContain('is not after');
    expect(refusal(reserve(auto(), event, Date.parse(event.end)))).toContain(
      `The end ${event.end} has passed`,
    );
    expect(patched(reserve(auto(), event, Date.parse(event.start) + 1))).toMatchObject({ spec: {} });
    expect(refusal(unreserve(auto([event]), 'other'))).toContain('there are: town-hall');
  });
});

describe('a rollout', () => {
  const before = aCluster({ engine: { image: 'one' }, podMetadata: { labels: { 'example.com/team': 'a' } } });
  const now = aCluster({ engine: { image: 'two' }, podMetadata: { labels: { 'example.com/cost': 'b' } } });
  const proven = { 'rtc.progressnet.gr/proven-since': '2026-11-23T12:00:00Z' };
  const record = (cluster: typeof now, ordinal: number, annotations: object = {}): KubeObject => {
    const made = revisionObject(cluster, revisionInputs(cluster, 'image'), ordinal);
    return { ...made, metadata: { ...made.metadata, annotations } } as unknown as KubeObject;
  };
  const revisions = [record(before, 1, proven), record(now, 2)];
  const revisionIn = ({ metadata }: KubeObject): string => metadata.labels!['rtc.progressnet.gr/revision']!;
  const cluster = { ...now, status: { updateRevision: revisionIn(revisions[1]!) } } as unknown as KubeObject;

  test('is undone by the fields in which the last good revision differs, and by no others', () => {
    expect(patched(undoRollout(cluster, revisions, { to: undefined }))).toEqual({
      spec: {
        engine: { image: 'one' },
        podMetadata: { labels: { 'example.com/cost': null, 'example.com/team': 'a' } },
      },
    });
  });

  test('that is undone says so when the spec named no image and will', () => {
    const without = { ...cluster, spec: { ...(cluster['spec'] as object), engine: {} } };
    const edit = undoRollout(without, revisions, { to: undefined });
    expect('follows' in edit && edit.follows.join()).toContain('named no image and does from now on');
    const named = undoRollout(cluster, revisions, { to: undefined });
    expect('follows' in named && named.follows.join()).not.toContain('named no image');
  });

  test('is not undone to what is not remembered, or to what it is', () => {
    expect(refusal(undoRollout(cluster, [revisions[1]!], { to: undefined }))).toContain(
      'no earlier good revision',
    );
    expect(refusal(undoRollout(cluster, revisions, { to: 'nonsense' }))).toContain(
      'no revision nonsense; remembered are',
    );
    expect(refusal(undoRollout(cluster, revisions, { to: revisionIn(revisions[1]!) }))).toContain('already');
  });

  test('is shown with what each revision changed', () => {
    const text = rolloutText(rolloutView(cluster, revisions));
    expect(text).toMatch(/Proven +image one, podMetadata.labels/);
    expect(text).toMatch(/New +image two, podMetadata.labels/);
  });
});

describe('a pause', () => {
  test('is an annotation with the reason, and is ended only where there is one', () => {
    expect(patched(pause(object(), 'why'))).toEqual({
      metadata: { annotations: { 'rtc.progressnet.gr/paused': 'why' } },
    });
    expect(refusal(pause(object(), null))).toContain('is not paused');
    expect(refusal(pause(object(), 'false'))).toContain('would mean that it is not paused');
  });
});

describe('the acknowledgement of a TURN secret', () => {
  const edge = (rotation: string): KubeObject => ({
    ...{ apiVersion: 'a', kind: 'TurnServer', metadata: { name: 'edge' } },
    status: {
      secrets: { activeHash: 'a1b2', rotation, accepted: [{ hash: '9f8e', retireAfter: event.end }] },
    },
  });

  test('names the secret in force and when the old one goes', () => {
    const edit = acknowledge(edge('Overlapping'), 'a1b2');
    expect(patched(edit)).toEqual({ metadata: { annotations: { 'rtc.progressnet.gr/turn-ack': 'a1b2' } } });
    expect('follows' in edit && edit.follows[0]).toContain(event.end);
  });

  test('is refused for another secret, and when nobody waits for it', () => {
    expect(refusal(acknowledge(edge('Overlapping'), 'ffff'))).toContain('has the hash a1b2, not ffff');
    expect(refusal(acknowledge(edge('Stable'), undefined))).toContain('its rotation is Stable');
  });
});

describe('times', () => {
  test('are understood as people type them', () => {
    expect([durationMs('90s'), durationMs('1h30m'), durationMs('2d')]).toEqual([
      90_000, 5_400_000, 172_800_000,
    ]);
    expect(timeMs('+30m', 1_000)).toBe(1_801_000);
    expect(timeMs('2027-01-12T14:00:00Z', 0)).toBe(Date.parse('2027-01-12T14:00:00Z'));
  });

  test('are refused with how to write one', () => {
    for (const wrong of ['30', 'soon', '1h 30m', ''])
      expect(() => durationMs(wrong)).toThrow(/write 90s, 30m/);
    for (const wrong of ['tomorrow', '2027-01-12', '2027-01-12T14:00:00'])
      expect(() => timeMs(wrong, 0)).toThrow(/with a zone/);
  });
});
