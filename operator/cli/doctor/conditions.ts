/** PURE: what the operator has found already: each condition that is not as it should be is a finding with its own help. */
import { rtcClusterSchema, type RtcClusterStatus } from '../../api/rtccluster.ts';
import { remedyOf, type Urgency } from '../../desired/conditions/help/remedy.ts';
import { isFailure } from '../../fleet/probe.ts';
import type { Condition } from '../../api/shared.ts';
import type { KubeObject } from '../../kube/api.ts';
import { durationText } from '../text.ts';
import { ok, unknown, type Check, type Finding, type Level } from './finding.ts';

const levelOf: Readonly<Record<Urgency, Level>> = {
  ...{ Broken: 'fail', Attention: 'warn', Unknown: 'unknown', Passing: 'ok', Well: 'ok' },
};

/** What goes on by itself for so long does not. */
const stuckMs = 600_000;

/** See the file comment. */
export const conditions: Check = ({ cluster, nowMs }) =>
  conditionsOf(cluster, { prefix: 'condition', nowMs }).map((finding) => advisory(cluster, finding));

/** The same of the TurnServer that the cluster refers to. */
export const turnConditions: Check = ({ cluster, turnServer, nowMs }) => {
  if (turnServer === undefined) return [];
  if ('unknown' in turnServer) return [unknown('turnserver', turnServer.unknown)];
  if (turnServer.value === undefined) return isTold(cluster) ? [] : [noTurnServer];
  return conditionsOf(turnServer.value, { prefix: `turnserver/${turnServer.value.metadata.name}`, nowMs });
};

const noTurnServer: Finding = {
  ...{
    id: 'turnserver',
    level: 'fail',
    message: 'There is no TurnServer of the name in turn.turnServerName',
  },
  fix: 'Create it, or correct the name',
};

/** By the cluster's own condition, once an operator has looked. */
function isTold(cluster: KubeObject): boolean {
  const { conditions: found = [] } = (cluster['status'] ?? {}) as Partial<RtcClusterStatus>;
  return found.some(({ type, status }) => type === 'TurnReady' && status === 'False');
}

interface Context {
  /** Of the ids. */
  readonly prefix: string;
  readonly nowMs: number;
}

/** An address that nobody inside reaches, where it is only told and keeps no pod from DNS. */
function advisory(cluster: KubeObject, finding: Finding): Finding {
  const verify = rtcClusterSchema.safeParse(cluster).data?.spec.network.address.verify ?? 'Advisory';
  const isOnlyTold = finding.id === 'condition/AddressesReachable' && finding.level === 'fail';
  return isOnlyTold && !isFailure('reach', verify) ? { ...finding, level: 'warn' } : finding;
}

function conditionsOf(object: KubeObject, context: Context): Finding[] {
  const { conditions: found = [], observedGeneration } = (object['status'] ??
    {}) as Partial<RtcClusterStatus>;
  if (found.length === 0)
    return [
      unknown(
        context.prefix,
        `No operator has looked at ${object.kind} ${object.metadata.name} yet`,
        'See operator/leader, and whether it watches this namespace',
      ),
    ];
  const { generation } = object.metadata;
  const isBehind =
    generation !== undefined && observedGeneration !== undefined && observedGeneration < generation;
  return [
    ...(isBehind ? [behind(generation, observedGeneration, context)] : []),
    ...found.map((condition) => findingOf(condition, object.kind, context)),
  ];
}

function behind(generation: number, observed: number, { prefix }: Context): Finding {
  const message = `The status is about generation ${observed} of the spec, which is at ${generation}: the last edit was not looked at yet`;
  return {
    id: `${prefix}/observedGeneration`,
    level: 'warn',
    message,
    fix: 'If that lasts, see operator/leader',
  };
}

function findingOf(condition: Condition, kind: string, { prefix, nowMs }: Context): Finding {
  const { type, status, reason, message, lastTransitionTime } = condition;
  const { urgency, toDo } = remedyOf(kind, condition);
  const id = `${prefix}/${type}`;
  if (urgency === 'Well') return ok(id, `${type} is ${status} (${reason})`);
  const sinceMs = nowMs - Date.parse(lastTransitionTime);
  const isStuck = urgency === 'Passing' && sinceMs > stuckMs;
  // The time is that of the status: its reason may be a newer one.
  const told = `${type} is ${status} for ${durationText(sinceMs)} (${reason}): ${message}`;
  return {
    id,
    level: isStuck ? 'warn' : levelOf[urgency],
    message: told,
    ...(toDo !== undefined && { fix: toDo }),
    ...(isStuck && { fix: 'It should have gone on by itself: see kubectl rtc why' }),
  };
}
