/** The agent's environment → Config. The only place that reads it; every problem is listed at once. */
import { isIP } from 'node:net';
import { turnPaths, turnPorts } from '../desired/turn/names.ts';

/** Where the agent works, and who may ask it. */
export interface AgentConfig {
  /** What is mounted. Default `/etc/turn`. */
  readonly etc: string;
  /** What it shares with coturn. Default `/run/turn`. */
  readonly run: string;
  /** Of the pod, at most one of each family, the first one first. */
  readonly addresses: readonly [string, ...string[]];
  /** Port on the first of them. */
  readonly port: number;
  /** From one look at files and coturn to the next. Default 2,000. */
  readonly periodMs: number;
  readonly adminKey: string;
  /** Absent: metrics need the admin key. */
  readonly metricsKey?: string;
}

const defaultPeriodMs = 2_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws with all that is wrong. */
export function agentConfig(env: Environment): AgentConfig {
  const [first, ...others] = addressesIn(env);
  const port = Number(env['RTC_TURN_AGENT_PORT'] ?? turnPorts.agent);
  const adminKey = env['RTC_TURN_ADMIN_KEY'] ?? '';
  const metricsKey = env['RTC_TURN_METRICS_KEY'] ?? '';
  const problems = problemsOf({ first, port, adminKey });
  if (first === undefined || problems.length > 0)
    throw new Error(`the environment of the agent is not usable:\n  ${problems.join('\n  ')}`);
  return {
    etc: env['RTC_TURN_ETC'] ?? turnPaths.etc,
    run: env['RTC_TURN_RUN'] ?? turnPaths.run,
    ...{ addresses: [first, ...others], port, adminKey },
    periodMs: Number(env['RTC_TURN_PERIOD_MS'] ?? defaultPeriodMs),
    ...(metricsKey !== '' && { metricsKey }),
  };
}

function addressesIn(env: Environment): string[] {
  const text = env['POD_IPS'] ?? env['POD_IP'] ?? '';
  return text.split(',').filter((address) => isIP(address) !== 0);
}

function problemsOf(given: { first: string | undefined; port: number; adminKey: string }): string[] {
  const isPort = Number.isInteger(given.port) && given.port >= 0 && given.port <= 65_535;
  return [
    ...(given.first === undefined ? ['POD_IPS: must be the addresses of the pod, from status.podIPs'] : []),
    ...(given.adminKey === ''
      ? ['RTC_TURN_ADMIN_KEY: must be the key adminKey of the Secret <name>-turn-agent']
      : []),
    ...(isPort ? [] : ['RTC_TURN_AGENT_PORT: must be a port, 0 to 65535']),
  ];
}
