import { describe, expect, test } from '@jest/globals';
import type { Facts, PodView } from '../../../operator/fleet/pod.ts';
import type { TurnFacts } from '../../../operator/turn/facts.ts';
import { turnGate } from '../../../operator/turn/gate.ts';
import { aPod, before, facts, silence } from '../../support/pods.ts';

const rules = { requirePublic: false, activeHash: 'new', previousHash: undefined };
const turn: TurnFacts = {
  ...{ secrets: ['new'], peersDigest: '', certificate: null },
  trials: { new: { ok: true } },
};
const answering = (change: Partial<TurnFacts> = {}, version = '4.18.0'): Facts =>
  facts({ version, turn: { ...turn, ...change } });
const fresh = { isPublished: false };
const verdict = (pod: PodView, change: Partial<typeof rules> = {}): string => {
  const decision = turnGate(pod, { ...rules, ...change });
  return decision.ok ? 'ok' : decision.reason;
};

describe('a TURN pod', () => {
  test.each<[string, PodView, string]>([
    ['that took an allocation is published', aPod({ facts: answering() }), 'ok'],
    ['that nobody tried is not', aPod({ marks: fresh, facts: answering({ trials: {} }) }), 'NotTried'],
    [
      'that refused the trial is not',
      aPod({ marks: fresh, facts: answering({ trials: { new: { ok: false, reason: '401' } } }) }),
      'AllocationFailed',
    ],
    ['with the TTL fault is not, ever', aPod({ facts: answering({}, '4.17.1') }), 'VersionRefused'],
    ['of an unknown version is', aPod({ marks: fresh, facts: answering({}, '') }), 'ok'],
    ['that is published stays so while its agent is silent', aPod({ facts: silence }), 'ok'],
    ['that is new and silent is not', aPod({ marks: fresh, facts: silence }), 'AgentNotAnswering'],
    ['that is not ready is not', aPod({ isReady: false, facts: answering() }), 'NotReady'],
    [
      'that drains is not any more, whatever became of the cause',
      aPod({
        facts: answering(),
        marks: { ...fresh, drain: { reason: 'NodeDrain', startedMs: before(1_000) } },
      }),
      'DrainsForGood',
    ],
  ])('%s', (_, pod, expected) => {
    expect(verdict(pod)).toBe(expected);
  });

  test('is published during an overlap only when it takes both secrets', () => {
    const pod = aPod({ marks: fresh, facts: answering() });
    expect(verdict(pod, { previousHash: 'old' } as object)).toBe('PreviousSecretMissing');
    const both = aPod({ marks: fresh, facts: answering({ secrets: ['new', 'old'] }) });
    expect(verdict(both, { previousHash: 'old' } as object)).toBe('ok');
  });

  test('is not published while there is no secret at all', () => {
    const none = { requirePublic: false, activeHash: undefined, previousHash: undefined };
    expect(turnGate(aPod({ marks: fresh, facts: answering() }), none)).toMatchObject({
      reason: 'SecretMissing',
    });
  });
});
