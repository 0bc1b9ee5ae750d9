/** PURE: what was seen of a Mattermost and of the RTCCluster that it should use → what is right, what is not, and how to mend it. */
import semver from 'semver';

/** Name to value, or to where the value comes from. */
export type Environment = Readonly<Record<string, EnvironmentValue>>;

/** A value as it stands, or a key of a Secret. */
export type EnvironmentValue = { readonly value: string } | { readonly secret: string; readonly key: string };

/** Everything that the check looks at; what could not be seen is absent. */
export interface Seen {
  /** `namespace/name`. */
  readonly cluster: string;
  /** Absent: there is no such RTCCluster. */
  readonly ready?: { readonly status: string; readonly message: string };
  /** Absent: there is no binding Secret in Mattermost's namespace. */
  readonly binding?: Binding;
  /** Absent: neither a workload nor a file was named. */
  readonly environment?: Environment;
  /** How the environment was given, such as `deployment/mattermost`. */
  readonly source: string;
  /** When each pod of the workload was started. */
  readonly startedMs?: readonly number[];
  readonly server?: Server;
}

/** The Secret for Mattermost. */
export interface Binding {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  /** Of the last write. */
  readonly changedMs: number;
}

/** What a Mattermost said of itself. */
export interface Server {
  readonly isLicensed: boolean;
  /** Such as `enterprise`; empty without a licence. */
  readonly sku: string;
  readonly hasDeveloperAndTesting: boolean;
  /** Absent: no token, or it may not see plugins. */
  readonly calls?: { readonly version: string; readonly isRunning: boolean };
}

/** One line of the report. */
export interface Finding {
  readonly verdict: 'good' | 'bad' | 'unknown';
  readonly what: string;
  /** What to do; with every verdict but `good`. */
  readonly fix?: string;
}

const good = (what: string): Finding => ({ verdict: 'good', what });
const bad = (what: string, fix: string): Finding => ({ verdict: 'bad', what, fix });
const unknown = (what: string, fix: string): Finding => ({ verdict: 'unknown', what, fix });

/** All of them, in the order in which one mends. */
export function findings(seen: Seen): readonly Finding[] {
  return [clusterFinding(seen), bindingFinding(seen), ...environmentFindings(seen), ...serverFindings(seen)];
}

function clusterFinding({ cluster, ready }: Seen): Finding {
  if (ready === undefined)
    return bad(`There is no RTCCluster ${cluster}`, 'name it with --cluster and --cluster-namespace');
  return ready.status === 'True'
    ? good(`RTCCluster ${cluster} is Ready`)
    : bad(`RTCCluster ${cluster} is not Ready: ${ready.message}`, 'see `kubectl describe rtccluster`');
}

function bindingFinding({ binding }: Seen): Finding {
  return binding === undefined
    ? bad(
        'The binding Secret is not in the namespace of Mattermost',
        'name that namespace in spec.binding.namespaces of the RTCCluster, and in bindingNamespaces of the chart',
      )
    : good(`The binding Secret ${binding.name} is there`);
}

function environmentFindings({ binding, environment, source, startedMs }: Seen): readonly Finding[] {
  if (binding === undefined) return [];
  if (environment === undefined)
    return [unknown('What Mattermost was given was not looked at', 'name it with --workload or --env-file')];
  const variables = Object.keys(binding.values).filter((name) => /^[A-Z_]+$/.test(name));
  const wrong = variables.flatMap((name) => variableFinding(name, { binding, environment, source }));
  return [
    ...(wrong.length > 0
      ? wrong
      : [good(`${source} has all ${variables.length} variables of ${binding.name}`)]),
    ...startFinding(binding, startedMs),
  ];
}

type Given = Required<Pick<Seen, 'binding' | 'environment' | 'source'>>;

/** Values are compared and never told: they are keys. */
function variableFinding(name: string, { binding, environment, source }: Given): readonly Finding[] {
  const given = environment[name];
  const envFrom = `give it the Secret with envFrom: [{ secretRef: { name: ${binding.name} } }]`;
  if (given === undefined) return [bad(`${source} has no ${name}`, envFrom)];
  if ('secret' in given)
    return given.secret === binding.name && given.key === name
      ? []
      : [bad(`${source} takes ${name} from ${given.key} of the Secret ${given.secret}`, envFrom)];
  return given.value === binding.values[name]
    ? []
    : [
        bad(
          `${source} has another ${name} than ${binding.name}`,
          `take the value of the Secret, or ${envFrom}`,
        ),
      ];
}

function startFinding({ name, changedMs }: Binding, startedMs?: readonly number[]): readonly Finding[] {
  if (startedMs === undefined) return [];
  if (startedMs.length === 0) return [unknown('No pod of Mattermost runs', 'look why, and check again')];
  const old = startedMs.filter((time) => time < changedMs).length;
  return old === 0
    ? [good(`Every pod of Mattermost was started after ${name} was written last`)]
    : [
        bad(
          `${old} of ${startedMs.length} pods of Mattermost were started before ${name} changed: the environment is read at the start only`,
          'restart them: kubectl rollout restart',
        ),
      ];
}

function serverFindings({ server }: Seen): readonly Finding[] {
  if (server === undefined) return [unknown('Mattermost itself was not asked', 'name it with --url')];
  return [licenceFinding(server), pluginFinding(server)];
}

/** By the plugin's own rule: Enterprise and above, or developer and testing mode together. */
function licenceFinding({ isLicensed, sku, hasDeveloperAndTesting }: Server): Finding {
  if (isLicensed && /enterprise|advanced/i.test(sku))
    return good(`The licence (${sku}) allows an RTC server`);
  if (hasDeveloperAndTesting) return good('EnableDeveloper and EnableTesting allow an RTC server');
  return bad(
    `Without an Enterprise licence${sku === '' ? '' : ` (this one is ${sku})`} the Calls plugin uses its integrated server and says nothing`,
    'get one; to try it out set ServiceSettings.EnableDeveloper and EnableTesting both to true',
  );
}

function pluginFinding({ calls }: Server): Finding {
  if (calls === undefined)
    return unknown(
      'The state of the Calls plugin could not be seen',
      'give --token-file of a system administrator',
    );
  if (!calls.isRunning)
    return bad(
      `The Calls plugin ${calls.version} does not run`,
      'its log lines in Mattermost say why; every address in DNS must let it in when it starts',
    );
  return semver.satisfies(calls.version, '>=1.10.0 <2')
    ? good(`The Calls plugin ${calls.version} runs`)
    : bad(`The Calls plugin is ${calls.version}`, 'use 1.10 or later, below 2');
}
