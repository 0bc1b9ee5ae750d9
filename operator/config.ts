/** Environment and flags → frozen Config. The only place that reads either; every problem is listed at once. */
import { hostname } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';

const flag = z.stringbool();
const milliseconds = (min: number): z.ZodCoercedNumber =>
  z.coerce.number<string>().int().min(min).max(3_600_000);

/** A comma list; empty means none. */
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
);

/** Every setting with its default. `watchNamespaces` is `--watch-namespaces` and `RTC_OPERATOR_WATCH_NAMESPACES`. */
const configSchema = z.strictObject({
  watchNamespaces: list.prefault('').describe('Namespaces whose RTCClusters we serve; empty: all.'),
  bindingNamespaces: list
    .prefault('')
    .describe('Namespaces that binding Secrets may be copied to, for spec.binding.namespaces.'),
  sfuImage: z.string().min(1).describe('SFU image of clusters that name none.'),
  ownImage: z
    .string()
    .min(1)
    .optional()
    .describe('Image of the operator itself: TURN pods run the agent in it. Absent: none is made.'),
  clusterDomain: z.string().min(1).default('cluster.local').describe('DNS domain of the Kubernetes cluster.'),
  leaderElection: flag.prefault('true').describe('Whether replicas elect one that acts.'),
  leaseNamespace: z.string().min(1).default('default').describe('Where the Lease lies.'),
  leaseName: z.string().min(1).default('rtc-operator').describe('Name of the Lease.'),
  identity: z.string().min(1).default(hostname).describe('Who we are in the Lease and in events.'),
  pollPeriodMs: milliseconds(10).prefault('10000').describe('From one look at each SFU pod to the next.'),
  pollTimeoutMs: milliseconds(10).prefault('2000').describe('How long an SFU pod may take to answer.'),
  release: flag
    .prefault('false')
    .describe(
      'Take our finalizer off every RTCCluster and end, instead of working: when the operator is uninstalled.',
    ),
  trial: flag
    .prefault('false')
    .describe(
      'Place a short call through every RTCCluster, tell what came of each and end, instead of working: `helm test`.',
    ),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least urgent log lines.'),
  metricsPort: z.coerce
    .number<string>()
    .int()
    .min(0)
    .max(65535)
    .prefault('8080')
    .describe('Port of /metrics, /livez and /readyz; 0: any free one.'),
  recordsPort: z.coerce
    .number<string>()
    .int()
    .min(0)
    .max(65535)
    .prefault('8081')
    .describe('Port of /clusters, which `kubectl rtc` reads; 0: any free one.'),
});

/** See `configSchema`. */
export type Config = Readonly<z.infer<typeof configSchema>>;

/** The settings are not usable; the message lists every problem. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`the configuration is not usable:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

/** Flags win over the environment. Throws ConfigError. */
export function loadConfig(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Config {
  const settings = { ...fromEnv(env), ...fromFlags(args) };
  const result = configSchema.safeParse(settings);
  if (result.success) return Object.freeze(result.data);
  throw new ConfigError(
    result.error.issues.map(({ path, message }) => {
      const [name = ''] = path.map(String);
      return `--${kebab(name)} or ${envName(name)}: ${message}`;
    }),
  );
}

const settingNames = Object.keys(configSchema.shape);

function fromFlags(args: readonly string[]): Record<string, string> {
  const options = Object.fromEntries(settingNames.map((name) => [kebab(name), { type: 'string' as const }]));
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
    return picked((name) => values[kebab(name)]);
  } catch (error) {
    throw new ConfigError([error instanceof Error ? error.message : String(error)]);
  }
}

function fromEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return picked((name) => env[envName(name)]);
}

function picked(valueOf: (name: string) => string | undefined): Record<string, string> {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = valueOf(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function envName(name: string): string {
  return `RTC_OPERATOR_${kebab(name).replaceAll('-', '_').toUpperCase()}`;
}
