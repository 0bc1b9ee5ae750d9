import { describe, expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '../../operator/config.ts';

const image = { RTC_OPERATOR_SFU_IMAGE: 'sfu:1' };

/** The message of the ConfigError. */
function problems(args: readonly string[], env: Readonly<Record<string, string>>): string {
  try {
    loadConfig(args, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the configuration', () => {
  test('has a default for all but the image', () => {
    expect(loadConfig([], { ...image, RTC_OPERATOR_IDENTITY: 'me' })).toEqual({
      watchNamespaces: [],
      bindingNamespaces: [],
      sfuImage: 'sfu:1',
      clusterDomain: 'cluster.local',
      leaderElection: true,
      leaseNamespace: 'default',
      leaseName: 'rtc-operator',
      identity: 'me',
      pollPeriodMs: 10_000,
      pollTimeoutMs: 2_000,
      release: false,
      trial: false,
      logLevel: 'info',
      metricsPort: 8080,
      recordsPort: 8081,
    });
  });

  test('reads the environment, and flags win', () => {
    const env = { ...image, RTC_OPERATOR_WATCH_NAMESPACES: 'a, b', RTC_OPERATOR_LOG_LEVEL: 'warn' };
    expect(loadConfig(['--log-level', 'debug', '--leader-election=false'], env)).toMatchObject({
      watchNamespaces: ['a', 'b'],
      logLevel: 'debug',
      leaderElection: false,
    });
  });

  test('lists every problem at once, by flag and variable', () => {
    const message = problems(['--metrics-port=x'], { RTC_OPERATOR_LOG_LEVEL: 'loud' });
    expect(message).toContain('--sfu-image or RTC_OPERATOR_SFU_IMAGE: ');
    expect(message).toContain('--metrics-port or RTC_OPERATOR_METRICS_PORT: ');
    expect(message).toContain('--log-level or RTC_OPERATOR_LOG_LEVEL: ');
  });

  test('refuses a flag that it does not know', () => {
    expect(problems(['--nonsense=1'], image)).toContain("Unknown option '--nonsense'");
  });

  test('cannot be changed', () => {
    expect(Object.isFrozen(loadConfig([], image))).toBe(true);
  });
});
