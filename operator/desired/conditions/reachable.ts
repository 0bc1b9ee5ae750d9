/** Whether the addresses that clients are told lead to the pods, as probe calls found. */
import type { Member } from '../../fleet/members.ts';
import { unreached } from '../../fleet/probe.ts';
import type { ProbeResult } from '../../fleet/probeFacts.ts';
import { namedPods, type ConditionInput, type Verdict } from './verdict.ts';

const type = 'AddressesReachable';

/** AddressesReachable: advice, unless `network.address.verify` is Gate. */
export function addressesReachable({ cluster, decision: { members } }: ConditionInput): Verdict {
  if (cluster.spec.engine.type === 'Rtcd') return unknown('StockRtcd', 'A stock rtcd places no probe calls');
  if (cluster.spec.network.address.verify === 'Off')
    return unknown('NotVerified', 'network.address.verify is "Off": set it to Advisory to have them called');
  return (
    judged(cluster, members) ??
    remembered(cluster) ??
    unknown('NotProbed', 'No probe call of an idle pod has ended yet')
  );
}

/** Undefined while nothing is known. */
function judged({ spec }: ConditionInput['cluster'], members: readonly Member[]): Verdict | undefined {
  const asked = members.flatMap((member) => {
    const result = reachOf(member);
    return result === undefined ? [] : [{ name: member.pod.name, result }];
  });
  const failed = asked.filter(({ result }) => result.failures > 0);
  if (failed.length > 0)
    return { type, status: 'False', reason: 'NotReachable', message: failureText(failed, spec) };
  const passed = asked.filter(({ result }) => result.outcome === 'Passed');
  if (passed.length > 0) return { type, status: 'True', reason: 'Reached', message: successText(passed) };
  const [unable] = asked;
  return unable && unknown('CannotProbe', `${unable.name} cannot be probed: ${unable.result.message}`);
}

function unknown(reason: string, message: string): Verdict {
  return { type, status: 'Unknown', reason, message };
}

const found: readonly string[] = ['Reached', 'NotReachable', 'CannotProbe'];

/** What was found out before the operator was started again: its start alone is no news. */
function remembered({ status: { conditions } }: ConditionInput['cluster']): Verdict | undefined {
  const last = conditions?.find((one) => one.type === type && found.includes(one.reason));
  return last && { type, status: last.status, reason: last.reason, message: last.message };
}

type Asked = readonly { readonly name: string; readonly result: ProbeResult }[];

function reachOf({ pod: { facts } }: Member): ProbeResult | undefined {
  return facts?.answered === true ? facts.probe?.reach : undefined;
}

function failureText(failed: Asked, { network }: ConditionInput['cluster']['spec']): string {
  const named = failed.slice(0, namedPods).map(({ name, result }) => `${name}: ${unreached(result)}`);
  const rest = failed.length > namedPods ? `; and ${failed.length - namedPods} more` : '';
  const bySelf = failed.every(({ result }) => result.fromNode === undefined);
  const doubt = bySelf ? ' Not every router lets a node call its own public address: try from outside.' : '';
  const effect =
    network.address.verify === 'Gate' ? '' : ' The pods stay in DNS (network.address.verify is Advisory).';
  return `${named.join('; ')}${rest}.${doubt}${effect}`;
}

/** Without numbers of pods: they change with who is busy, and each change would be written. */
function successText(passed: Asked): string {
  const outside = passed.filter(({ result }) => result.fromNode !== undefined).length;
  const mixed = 'by an SFU on another node, or by themselves where there is none';
  const alone = 'by themselves alone, which proves little about firewalls';
  const way = outside === passed.length ? 'by an SFU on another node' : outside > 0 ? mixed : alone;
  return `Idle pods are reached over every media port of every advertised address: called ${way}`;
}
