import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allocationsIn } from '../../../operator/agent/allocations.ts';
import { agentConfig } from '../../../operator/agent/config.ts';
import { openDatabase } from '../../../operator/agent/database.ts';
import { rowChange } from '../../../operator/agent/rows.ts';
import { signalFor, type Sight } from '../../../operator/agent/signals.ts';

describe('a signal for coturn', () => {
  const calm: Sight = {
    pid: 7,
    answers: true,
    isDrainWanted: false,
    drainedPid: undefined,
    mounted: 'AA',
    served: 'AA',
  };
  test.each<[string, Partial<Sight>, string | undefined]>([
    ['is not sent when all is as it should be', {}, undefined],
    ['drains it once', { isDrainWanted: true }, 'SIGUSR1'],
    ['does not drain it twice', { isDrainWanted: true, drainedPid: 7 }, undefined],
    ['drains the one that came back after a crash, too', { isDrainWanted: true, drainedPid: 6 }, 'SIGUSR1'],
    ['makes it read another certificate', { mounted: 'BB' }, 'SIGUSR2'],
    ['is not sent for a pair that cannot be used', { mounted: undefined }, undefined],
    ['is never sent before it answers, which would end it', { mounted: 'BB', answers: false }, undefined],
    ['is not sent to nobody', { pid: undefined, isDrainWanted: true }, undefined],
  ])('%s', (_, change, name) => {
    expect(signalFor({ ...calm, ...change })?.name).toBe(name);
  });
});

describe('the rows of the database', () => {
  test('change by what is missing and what is too much, and by nothing else', () => {
    const have = { secrets: ['a', 'b'], peers: ['10.0.0.1'] };
    expect(rowChange(have, { secrets: ['b', 'c'] })).toEqual({
      add: { secrets: ['c'], peers: [] },
      remove: { secrets: ['a'], peers: [] },
    });
    expect(rowChange(have, have)).toBeUndefined();
    expect(rowChange(have, {})).toBeUndefined();
  });

  test('are written at once or not at all, beside those of other realms', () => {
    const folder = mkdtempSync(join(tmpdir(), 'turndb-'));
    const [ours, theirs] = ['ours', 'theirs'].map((realm) => openDatabase(join(folder, 'db'), realm));
    const none = { secrets: [], peers: [] };
    theirs!.write({ add: { secrets: ['x'], peers: ['10.0.0.9'] }, remove: none });
    ours!.write({ add: { secrets: ['a', 'b'], peers: ['10.0.0.1'] }, remove: none });
    ours!.write({ add: none, remove: { secrets: ['a', 'x'], peers: [] } });
    expect(ours!.read()).toEqual({ secrets: ['b'], peers: ['10.0.0.1'] });
    expect(theirs!.read()).toEqual({ secrets: ['x'], peers: ['10.0.0.9'] });
    for (const one of [ours, theirs]) one!.close();
    rmSync(folder, { recursive: true });
  });
});

describe('the allocations that the exporter tells', () => {
  const text = `# HELP turn_total_allocations Represents current allocations number
# TYPE turn_total_allocations gauge
turn_total_allocations{type="UDP"} 3
turn_total_allocations{type="TLS/TCP"} 2
# TYPE turn_traffic_rcvp counter
turn_traffic_rcvp{realm="example.com"} 5
stun_binding_request 12
turn_unauthenticated_401_responses 4
`;
  test('are those of all kinds of clients', () => {
    expect(allocationsIn(text)).toBe(5);
  });

  test('are none before the first, when the gauge is not there yet', () => {
    expect(allocationsIn('# TYPE stun_binding_request counter\nstun_binding_request 1\n')).toBe(0);
  });

  test.each(['', '<html>', 'process_cpu_seconds_total 1\n', 'turn_total_allocations{type="UDP"} NaN\n'])(
    'are unknown when it is not coturn that answers: %j',
    (answer) => {
      expect(allocationsIn(answer)).toBeNull();
    },
  );
});

describe('the environment of the agent', () => {
  const env = { POD_IPS: '10.0.0.7,fd00::7', RTC_TURN_ADMIN_KEY: 'key' };
  test('says where it is and who may ask', () => {
    expect(agentConfig({ ...env, RTC_TURN_METRICS_KEY: 'less' })).toEqual({
      etc: '/etc/turn',
      run: '/run/turn',
      addresses: ['10.0.0.7', 'fd00::7'],
      port: 8446,
      periodMs: 2000,
      adminKey: 'key',
      metricsKey: 'less',
    });
  });

  test('is refused with all that is wrong', () => {
    expect(() => agentConfig({ RTC_TURN_AGENT_PORT: 'x' })).toThrow(
      /POD_IPS: [^]*RTC_TURN_ADMIN_KEY: [^]*RTC_TURN_AGENT_PORT: /,
    );
  });
});
