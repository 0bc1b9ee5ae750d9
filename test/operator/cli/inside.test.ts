/** `kubectl rtc` in a pod of the operator, which need not be the one that leads: real record servers, an API server that is played. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withPod } from '../../../operator/cli/inside.ts';
import { askOperator } from '../../../operator/cli/leader.ts';
import { sentenceOf, type GlobalOptions, type Session } from '../../../operator/cli/session.ts';
import type { SmallServer } from '../../../operator/ops/listen.ts';
import { startRecordServer } from '../../../operator/ops/records.ts';
import { ForbiddenError } from '../../../operator/kube/errors.ts';

const env = {
  RTC_OPERATOR_LEASE_NAMESPACE: 'rtc-system',
  RTC_OPERATOR_LEASE_NAME: 'calls-op',
  RTC_OPERATOR_RECORDS_PORT: '9091',
};
const given: GlobalOptions = { output: 'text', operatorName: 'rtc-operator' };

describe('in a pod of the operator', () => {
  test('its own settings tell which operator is meant', () => {
    expect(withPod(given, env)).toMatchObject({
      ...{ operatorNamespace: 'rtc-system', operatorName: 'calls-op', isInside: true },
      operatorUrl: 'http://127.0.0.1:9091',
    });
  });

  test('another operator that is named is asked as from anywhere else', () => {
    const other = { ...given, operatorNamespace: 'elsewhere' };
    expect(withPod(other, env)).toBe(other);
    expect(withPod(given, {})).toBe(given);
  });
});

describe('a replica that stands by', () => {
  let standby: SmallServer;
  let leading: SmallServer;
  beforeAll(async () => {
    const none = { keys: () => [], recordOf: () => undefined };
    const source = { clusters: none, turnservers: none };
    const nowMs = (): number => Date.now();
    standby = await startRecordServer(
      { ...source, isLeader: () => false },
      { nowMs, host: '127.0.0.1', port: 0 },
    );
    // Pods share the port and differ in their addresses.
    leading = await startRecordServer(
      { ...source, isLeader: () => true },
      { nowMs, host: '127.0.0.2', port: standby.port },
    );
  });
  afterAll(() => Promise.all([standby.close(), leading.close()]));

  function session(options: Partial<GlobalOptions>, podIP = '127.0.0.2'): Session {
    const lease = { metadata: { namespace: 'rtc-system', name: 'calls-op' } };
    const played = {
      ended: new AbortController().signal,
      options: { ...given, operatorUrl: `http://127.0.0.1:${standby.port}`, ...options },
      kube: { get: () => Promise.resolve({ ...lease, spec: { holderIdentity: 'calls-op-1_0a1b2c' } }) },
      all: () => Promise.resolve([{ metadata: { name: 'calls-op-1' }, status: { podIP } }]),
    };
    return played as unknown as Session;
  }

  test('is passed over inside: the one that leads is asked', async () => {
    const inside = session(withPod(session({}).options, env));
    expect(JSON.parse(await askOperator(inside, '/clusters'))).toEqual({ clusters: [] });
  });

  test('names the one that leads, with the command, where that is not reached', async () => {
    const inside = session(withPod(session({}).options, env), '127.0.0.3');
    await expect(askOperator(inside, '/clusters')).rejects.toThrow(
      /calls-op-1 leads.*kubectl exec -n rtc-system calls-op-1 -- node \/app\/kubectl-rtc\.mjs/,
    );
  });

  test('does so outside of the cluster, too', async () => {
    await expect(askOperator(session({ operatorNamespace: 'rtc-system' }), '/clusters')).rejects.toThrow(
      /calls-op-1 leads: kubectl port-forward -n rtc-system calls-op-1 \d+/,
    );
  });
});

test('an account of a pod is told of its rights, and that a person has others', () => {
  const message = 'User "system:serviceaccount:rtc-system:rtc-operator" cannot list endpointslices';
  const error = new ForbiddenError({ call: 'list', status: 403, reason: 'Forbidden', message });
  expect(sentenceOf(error)).toMatch(/-viewer .* its own account: type it where you are yourself/);
  const person = new ForbiddenError({
    call: 'list',
    status: 403,
    reason: 'Forbidden',
    message: 'User "ada"',
  });
  expect(sentenceOf(person)).not.toContain('account');
});
