/** PURE: checks of the SFU pods by what they last told the operator: media, use, version, and who cannot get through. */
import { gte, parse } from 'semver';
import type { RtcCluster } from '../../api/rtccluster.ts';
import type { PodView } from '../../fleet/pod.ts';
import { isFailure } from '../../fleet/probe.ts';
import type { ProbeResult } from '../../fleet/probeFacts.ts';
import type { ClusterRecord } from '../../record/record.ts';
import { ok, unknown, type Check, type Finding, type Level } from './finding.ts';
import { withRecord } from './operator.ts';

interface Seen {
  readonly cluster: RtcCluster;
  readonly pods: readonly PodView[];
}

function seen(record: ClusterRecord | undefined): Seen | undefined {
  if (record?.observed.cluster.ok !== true) return undefined;
  return { cluster: record.observed.cluster.value, pods: record.observed.views };
}

/** Connected but no media: ports are closed, or the wrong address is advertised. Probe calls tell. */
export const media: Check = (evidence) => {
  const fleet = seen(withRecord(evidence));
  return (fleet?.pods ?? []).flatMap((pod) => {
    if (pod.facts?.answered !== true) return [silent(pod)];
    // Nobody calls a pod that goes.
    if (pod.marks.drain !== undefined || pod.isTerminating) return [];
    const { probe } = pod.facts;
    return [
      probed(
        pod,
        { id: `media/${pod.name}`, question: 'two hear each other on it', fix: onPod, level: 'fail' },
        probe?.media,
      ),
      probed(
        pod,
        {
          id: `reach/${pod.name}`,
          question: 'its address leads to it',
          fix: onWay(pod, fleet),
          level: reachLevel(fleet),
        },
        probe?.reach,
      ),
    ];
  });
};

function silent(pod: PodView): Finding {
  const why = pod.facts?.answered === false ? pod.facts.message : 'it was not asked yet';
  return {
    id: `pod/${pod.name}`,
    level: pod.isReady ? 'fail' : 'unknown',
    message: `${pod.name} does not answer the operator: ${why}. It is kept, since nobody knows whether it has calls`,
    fix: 'See its logs, and whether network.apiPort of its node is open to the operator',
  };
}

const onPod =
  'See its logs: a media worker may be dead, or the node overloaded. A new pod of the same revision tells whether it is the node';

function onWay({ marks }: PodView, fleet: Seen | undefined): string {
  const { udpPort, tcpPort } = fleet?.cluster.spec.network.media ?? {};
  return `Open UDP ${udpPort} and TCP ${tcpPort} to clients on the way to ${marks.address || 'the pod'}, and see whether that is the address that clients must use (network.address.sources)`;
}

interface Question {
  readonly id: string;
  readonly question: string;
  readonly fix: string;
  /** Of a failure. */
  readonly level: Level;
}

function reachLevel(fleet: Seen | undefined): Level {
  const verify = fleet?.cluster.spec.network.address.verify ?? 'Advisory';
  return isFailure('reach', verify) ? 'fail' : 'warn';
}

function probed(
  { name, marks }: PodView,
  { id, question, fix, level }: Question,
  result: ProbeResult | undefined,
): Finding {
  if (result === undefined)
    return unknown(
      id,
      `Nobody has tried whether ${question}: ${name}`,
      'Probe calls need our SFU; make a call and look at kubectl rtc call-test',
    );
  const { outcome, message, addresses } = result;
  if (outcome === 'Passed') return ok(id, `${name}: ${message}`);
  if (outcome === 'Unable')
    return unknown(
      id,
      `${name}: ${message}`,
      `Try it from a client's network, at ${addresses || marks.address}`,
    );
  return { id, level, message: `${name} at ${addresses || marks.address}: ${message}`, fix };
}

const busyLoad = 0.8;
const fullLoad = 0.95;

/** CPU high: people hear it before anybody sees it. */
export const load: Check = (evidence) =>
  (seen(withRecord(evidence))?.pods ?? []).flatMap((pod): Finding[] => {
    if (pod.facts?.answered !== true) return [];
    const id = `cpu/${pod.name}`;
    const percent = Math.round(pod.facts.load * 100);
    if (pod.facts.load < busyLoad) return [ok(id, `${pod.name} is at ${percent} % of its CPU`)];
    const message = `${pod.name} is at ${percent} % of its CPU with ${pod.facts.sessions ?? 'unknown'} sessions`;
    const fix =
      'More pods do not relieve a call that goes on: let scaling.headroom keep more room, raise scaling.maxPods, or give pods more cores (engine.workers, resources)';
    return [{ id, level: pod.facts.load < fullLoad ? 'warn' : 'fail', message, fix }];
  });

/** One SFU below the minimum keeps the Calls plugin from starting. */
export const version: Check = (evidence) => {
  const fleet = seen(withRecord(evidence));
  if (fleet === undefined) return [];
  const minimum = fleet.cluster.spec.engine.minimumVersion;
  return fleet.pods.flatMap((pod): Finding[] => {
    if (pod.facts?.answered !== true) return [];
    const found = parse(pod.facts.version, true);
    const id = `version/${pod.name}`;
    if (found !== null && gte(found, minimum))
      return [ok(id, `${pod.name} is of version ${pod.facts.version}`)];
    const message = `${pod.name} reports version "${pod.facts.version}", and engine.minimumVersion is ${minimum}: the Calls plugin does not start with such a host`;
    return [{ id, level: 'fail', message, fix: 'Use a newer engine.image' }];
  });
};

/** Fewer say nothing. */
const enoughPaths = 20;
const tooManyFailed = 0.1;

/** Restrictive networks: sessions that never got a path for their media. */
export const paths: Check = (evidence) => {
  const fleet = seen(withRecord(evidence));
  if (fleet === undefined) return [];
  const id = 'paths';
  const told = fleet.pods.flatMap(({ facts }) =>
    facts?.answered === true ? (facts.measures?.paths ?? []) : [],
  );
  const failed = told.reduce((sum, one) => sum + one.failed, 0);
  const all = told.reduce((sum, one) => sum + one.failed + one.opened, 0);
  if (all < enoughPaths)
    return [unknown(id, `Only ${all} sessions have looked for a path for their media so far`)];
  const share = `${failed} of ${all} sessions got no path for their media`;
  if (failed / all < tooManyFailed) return [ok(id, share)];
  const { turnServerName } = fleet.cluster.spec.turn;
  return [
    {
      ...{
        id,
        level: 'warn',
        message: `${share}: their networks let it through neither by UDP nor by TCP to our port`,
      },
      fix:
        turnServerName === undefined
          ? 'Run a TurnServer and name it in turn.turnServerName: TLS on port 443 gets out of most networks'
          : `See turn/* here, and whether TurnServer ${turnServerName} is reached by TLS on a port that such networks let through, such as 443`,
    },
  ];
};

/** All of them. */
export const podChecks: readonly Check[] = [media, load, version, paths];
