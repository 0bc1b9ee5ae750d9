/** PURE: checks of the operator itself: whether one leads, whether it can be asked, whether definitions are its own. */
import { rtcClusterCrd, turnServerCrd, type Crd } from '../../api/crd.ts';
import type { KubeObject } from '../../kube/api.ts';
import { specOf } from '../../kube/lease.ts';
import type { AnyRecord } from '../../record/record.ts';
import { durationText } from '../text.ts';
import { ok, unknown, type Check, type Evidence, type Finding, type Known } from './finding.ts';

/** Clocks of this machine and of the operator may differ, and a takeover takes as long as the Lease. */
const silentMs = 60_000;

/** Without a leader nobody publishes, drains or replaces a pod. */
export function leader({
  lease,
  record,
  nowMs,
}: Pick<Evidence, 'lease' | 'nowMs'> & { readonly record: Known<Pick<AnyRecord, 'by'>> }): Finding[] {
  const id = 'operator/leader';
  if ('unknown' in lease)
    return 'value' in record ? [ok(id, `${record.value.by} leads`)] : [unknown(id, lease.unknown)];
  if (typeof lease.value === 'string') return [{ id, level: 'fail', message: lease.value, fix: startIt }];
  const { holderIdentity = '', renewTime = '' } = specOf(lease.value);
  const ageMs = nowMs - Date.parse(renewTime);
  if (holderIdentity !== '' && ageMs <= silentMs) return [ok(id, `${holderIdentity} leads`)];
  const who = whoLeft(lease.value.metadata, holderIdentity);
  const since = Number.isNaN(ageMs)
    ? 'since when is not known'
    : `for ${durationText(ageMs)} by the clock of this machine`;
  const message = `${who} (${since}): no operator acts. Calls go on; pods are neither published nor replaced`;
  return [{ id, level: 'fail', message, fix: startIt }];
}

/** An operator that ends lets go of its Lease; one that is killed keeps it. */
function whoLeft({ namespace = '', name }: KubeObject['metadata'], holder: string): string {
  const lease = `the Lease ${namespace}/${name}`;
  return holder === '' ? `Nobody holds ${lease}` : `${holder} has not renewed ${lease}`;
}

const startIt =
  'See the pods of the operator (kubectl get pods -A -l app.kubernetes.io/name=rtc-operator), their events and their logs; one that was uninstalled is installed again with its chart';

/** What is told by its records cannot be checked without. */
export const reachable: Check = ({ record }) => {
  const id = 'operator/records';
  if ('unknown' in record)
    return [unknown(id, `Its records cannot be read, so pods were not looked at: ${record.unknown}`)];
  const { last, by } = record.value;
  if (last === undefined)
    return [unknown(id, `${by} leads and has not decided on this cluster yet`, 'Ask again in some seconds')];
  if (last.refusal === undefined) return [ok(id, `${by} tells of its decisions`)];
  const { reason, message } = last.refusal;
  return [
    {
      id: 'operator/writes',
      level: 'fail',
      message: `What it decided was not written: ${reason}: ${message}`,
    },
  ];
};

/** An API server that drops unknown fields makes a spec say less than its author wrote. */
export const definitions: Check = ({ definitions: found }) => {
  const id = 'operator/definitions';
  if ('unknown' in found)
    return [unknown(id, `The CustomResourceDefinitions cannot be read: ${found.unknown}`)];
  return [rtcClusterCrd(), turnServerCrd()].map((crd) => definition(crd, found.value[crd.metadata.name]));
};

const upgrade =
  'Upgrade them with the chart of the operator (crds.install), or kubectl apply --server-side the files of crds/ of its release';

function definition(wanted: Crd, installed: KubeObject | undefined): Finding {
  const { name } = wanted.metadata;
  const id = `operator/definitions/${name}`;
  if (installed === undefined)
    return { id, level: 'fail', message: `CustomResourceDefinition ${name} is not installed`, fix: upgrade };
  const known = new Set(fieldsOf(installed));
  const missing = fieldsOf(wanted).filter((field) => !known.has(field));
  if (missing.length === 0) return ok(id, `${name} has every field that this version knows`);
  const shown = missing.slice(0, 5).join(', ');
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  const message = `CustomResourceDefinition ${name} is older than this program: it lacks ${shown}${more}, and the API server drops what is written there`;
  return { id, level: 'fail', message, fix: upgrade };
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface WithVersions {
  readonly spec?: {
    readonly versions?: readonly { readonly schema?: { readonly openAPIV3Schema?: Schema } }[];
  };
}

/** `spec.drain.policy`, in the first version. */
function fieldsOf(crd: Crd | KubeObject): string[] {
  const [version] = (crd as WithVersions).spec?.versions ?? [];
  return pathsIn(version?.schema?.openAPIV3Schema ?? {}, '');
}

function pathsIn({ properties = {}, items }: Schema, prefix: string): string[] {
  const below = items === undefined ? [] : pathsIn(items, `${prefix}[]`);
  return Object.entries(properties)
    .flatMap(([name, schema]) => {
      const path = prefix === '' ? name : `${prefix}.${name}`;
      return [path, ...pathsIn(schema, path)];
    })
    .concat(below);
}

/** All of them. */
export const operatorChecks: readonly Check[] = [leader, reachable, definitions];

/** Of the checks that need the record; none without. */
export function withRecord(
  evidence: Evidence,
): Extract<Evidence['record'], { value: unknown }>['value'] | undefined {
  return 'value' in evidence.record ? evidence.record.value : undefined;
}
