import { describe, expect, test } from '@jest/globals';
import { concernText } from '../../../operator/cli/views/concernText.ts';
import { leader } from '../../../operator/cli/doctor/operator.ts';
import { statusText, statusView, type Live } from '../../../operator/cli/views/status.ts';
import { concernsOf, type Concern } from '../../../operator/cli/views/why.ts';
import { styleFor } from '../../../operator/cli/text.ts';
import type { Condition } from '../../../operator/api/shared.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { aPod, facts, silence } from '../../support/pods.ts';

const style = styleFor(false, {});
const pull =
  'edge-turn-0, edge-turn-1: Image coturn/coturn:4.18.0-r0 cannot be had (dial tcp: no such host): check spec.image, spec.imagePullSecrets and the registry';
const condition = (type: string, change: Partial<Condition> = {}): Condition => ({
  ...{ type, status: 'False', reason: 'ImageUnavailable', message: pull },
  lastTransitionTime: '2026-11-23T12:00:00Z',
  ...change,
});

describe('what is not as it should be', () => {
  const concerns = concernsOf(
    {
      conditions: [
        condition('Ready'),
        condition('EndpointsPublished'),
        condition('Progressing', {
          status: 'True',
          reason: 'Rollout',
          message: `Not of revision 2: ${pull}`,
        }),
      ],
    },
    'TurnServer',
  );

  test('is said once, however many conditions are about it', () => {
    const text = concernText(concerns, style).join('\n');
    expect(text.split('no such host').length - 1).toBe(1);
    expect(text).toContain('Ready, EndpointsPublished are False (ImageUnavailable): edge-turn-0');
    expect(text).toContain('Not of revision 2: (the same as above)');
    expect(text.split('to do: Correct `image`').length - 1).toBe(1);
  });

  test('is as it was where nothing is repeated', () => {
    const one: Concern = { ...condition('Available'), urgency: 'Broken', message: 'none', toDo: 'See it.' };
    expect(concernText([one], style).slice(1)).toEqual([
      '  Available is False (ImageUnavailable): none',
      '    to do: See it.',
    ]);
  });
});

describe('the pods of a status', () => {
  const since = '2026-11-23T11:00:00Z';
  const pods = [
    aPod({ name: 'calls-sfu-0', facts: facts({ sessions: 3, calls: 2 }) }),
    aPod({ name: 'calls-sfu-1', facts: silence }),
  ];
  const cluster = {
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'RTCCluster' },
    metadata: { namespace: 'team', name: 'calls' },
    status: {
      members: [
        { name: 'calls-sfu-0', node: 'n1', address: '203.0.113.7', state: 'Published', since },
        { name: 'calls-sfu-1', node: 'n2', state: 'Draining', reason: 'SessionsUnknown', since },
        { name: 'calls-sfu-2', state: 'Pending', reason: 'NoNode', since },
      ],
    },
  };
  const nowMs = Date.parse('2026-11-23T12:00:00Z');
  const shown = (live: Live): string =>
    statusText(statusView([cluster], live), { style, nowMs, isLong: true });

  test('are told with who is on them, as the operator last heard from each', () => {
    const text = shown({ podsOf: () => ({ value: pods }) });
    expect(text).toMatch(/POD +NODE +ADDRESS +STATE +SESSIONS +CALLS +REASON +SINCE +DEADLINE/);
    expect(text).toMatch(/calls-sfu-0 +n1 +203\.0\.113\.7 +Published +3 +2 +1h/);
    expect(text).toMatch(/calls-sfu-1 +n2 +Draining +unknown +unknown +SessionsUnknown/);
    expect(text).toMatch(/calls-sfu-2 +Pending +- +- +NoNode/);
    expect(text).not.toContain('What single pods are used for');
    const { members } = statusView([cluster], { podsOf: () => ({ value: pods }) }).fleets[0]!;
    expect(members).toMatchObject([{ sessions: 3, calls: 2 }, {}, {}]);
    expect(members[1]).not.toHaveProperty('sessions');
  });

  test('are told without that where the operator cannot be asked, and why', () => {
    const view = statusView([cluster], { podsOf: () => ({ unknown: 'no answer within 5 s' }) });
    expect(view.fleets[0]).toMatchObject({ useUnknown: 'no answer within 5 s' });
    expect(shown({ podsOf: () => ({ unknown: 'no answer within 5 s' }) })).toContain(
      'What single pods are used for is unknown: no answer within 5 s',
    );
  });

  test.each([
    ['has not renewed it for an hour', 'rtc-operator-0', 'rtc-operator-0 has not renewed the Lease'],
    ['was uninstalled', '', 'Nobody holds the Lease rtc-system/rtc-operator (for 1h by the clock'],
  ])('are old, and the status says so first, when the operator %s', (_, holderIdentity, told) => {
    const lease = aLease({ holderIdentity, renewTime: '2026-11-23T11:00:00.000000Z' });
    const [operator] = leader({ lease: { value: lease }, record: { unknown: 'none' }, nowMs });
    const [first] = shown({ operator: operator! }).split('\n');
    expect(first).toContain(told);
    expect(first).toContain('What follows is as an operator saw it last');
  });

  test('are not called old while one leads, or where nobody may say', () => {
    const value = aLease({ holderIdentity: 'rtc-operator-0', renewTime: '2026-11-23T11:59:59.000000Z' });
    for (const lease of [{ value }, { unknown: 'You may not look for the operator' }]) {
      const [operator] = leader({ lease, record: { unknown: 'none' }, nowMs });
      expect(shown({ operator: operator! })).toMatch(/^KIND/);
    }
  });
});

function aLease(spec: object): KubeObject {
  const metadata = { namespace: 'rtc-system', name: 'rtc-operator' };
  return { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec };
}

test('allocations that no coturn tells are unknown, and not 0', () => {
  const status = { desiredPods: 2, allocations: { unknownPods: 2 } };
  const metadata = { namespace: 'team', name: 'edge' };
  const server = { apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer', metadata, status };
  const text = statusText(statusView([server]), { style, nowMs: 0, isLong: false });
  expect(text).toMatch(/edge +0\/2 +0 +unknown +Unknown/);
});

test('the whole of a status names each pod, and each condition that is wrong', () => {
  const member = {
    name: 'edge-turn-0',
    state: 'Failed',
    reason: 'ImageUnavailable',
    since: '2026-11-23T12:00:00Z',
  };
  const server = {
    ...{ apiVersion: 'rtc.progressnet.gr/v1alpha1', kind: 'TurnServer' },
    metadata: { namespace: 'team', name: 'edge' },
    status: { desiredPods: 1, members: [member], conditions: [condition('Ready'), condition('Available')] },
  };
  const nowMs = Date.parse('2026-11-23T12:01:00Z');
  const text = statusText(statusView([server]), { style, nowMs, isLong: true });
  expect(text).toMatch(/edge-turn-0 +Failed +- +ImageUnavailable/);
  expect(text).toContain('Ready, Available are False');
});
