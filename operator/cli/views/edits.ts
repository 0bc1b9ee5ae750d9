/** PURE: what the verbs that edit an RTCCluster or a TurnServer write, as merge patches, and why they would not. */
import { rtcClusterSchema, type RtcCluster } from '../../api/rtccluster.ts';
import type { TurnServerStatus } from '../../api/turnserver.ts';
import { annotations, labels } from '../../desired/names.ts';
import { clusterWith, revisionInputs, type RevisionInputs } from '../../desired/revision.ts';
import { revisionRecord } from '../../desired/revisionRecord.ts';
import { lastProven } from '../../fleet/rollout/records.ts';
import type { KubeObject, Patch } from '../../kube/api.ts';
import { differences, type Difference } from './differences.ts';

/** A patch, what it is in words, and what follows; or why there is none. */
export type Edit =
  | { readonly patch: Patch; readonly wrote: string; readonly follows: readonly string[] }
  | { readonly refusal: string };

type Reservation = RtcCluster['spec']['scaling']['reservations'][number];

/** With every default. Throws a RangeError naming the fields when the spec cannot be read. */
export function clusterOf(object: KubeObject): RtcCluster {
  const parsed = rtcClusterSchema.safeParse(object);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new RangeError(`The spec of ${object.metadata.name} cannot be read: ${problems.join('; ')}`);
}

/** `spec.scaling.reservations` with one more, or another of its name. */
export function reserve(object: KubeObject, reservation: Reservation, nowMs: number): Edit {
  const { scaling } = clusterOf(object).spec;
  const { name, start, end, sessions } = reservation;
  if (scaling.mode !== 'Auto')
    return {
      refusal: `Reservations need scaling.mode Auto, and it is ${scaling.mode}: set spec.replicas instead`,
    };
  if (Date.parse(end) <= Date.parse(start))
    return { refusal: `The end ${end} is not after the start ${start}` };
  if (Date.parse(end) <= nowMs) return { refusal: `The end ${end} has passed: nothing would come of it` };
  const others = scaling.reservations.filter((one) => one.name !== name);
  const { sessionsPerPod } = scaling.target;
  const pods = sessionsPerPod === undefined ? undefined : Math.ceil(sessions / sessionsPerPod);
  return {
    patch: reservations(object, [...others, reservation]),
    wrote: `reservation ${name}: ${sessions} people from ${start} to ${end}`,
    follows: [
      pods === undefined
        ? 'It comes to nothing as long as scaling.target.sessionsPerPod is not set: how many pods it needs is not known'
        : `At least ${pods} pods from ${start} on, made ahead of it${tooMany(pods, scaling.maxPods)}`,
    ],
  };
}

function tooMany(pods: number, maxPods: number): string {
  return pods > maxPods ? `; but scaling.maxPods is ${maxPods}: raise it` : '';
}

/** Without that one. */
export function unreserve(object: KubeObject, name: string): Edit {
  const all = clusterOf(object).spec.scaling.reservations;
  const left = all.filter((one) => one.name !== name);
  if (left.length === all.length) {
    const known = all.map((one) => one.name).join(', ') || 'none';
    return { refusal: `There is no reservation ${name}; there are: ${known}` };
  }
  return {
    patch: reservations(object, left),
    wrote: `reservation ${name} removed`,
    follows: ['The number of pods falls as scaling.behavior.scaleDown allows'],
  };
}

/** The list is written as a whole, so nobody else may have written it meanwhile. */
function reservations({ metadata }: KubeObject, list: readonly Reservation[]): Patch {
  const { resourceVersion } = metadata;
  return { metadata: { resourceVersion }, spec: { scaling: { reservations: list } } };
}

/** `spec.update.paused`. */
export function pauseRollout(paused: boolean): Edit {
  return {
    patch: { spec: { update: { paused } } },
    wrote: `spec.update.paused=${paused}`,
    follows: [
      paused
        ? 'No further pod is replaced by one of a newer revision; a drain that has begun goes on'
        : 'Pods of older revisions are replaced again, as spec.update says',
    ],
  };
}

/** The fields of the last good revision, or of a named one, back into the spec. */
export function undoRollout(
  object: KubeObject,
  revisions: readonly KubeObject[],
  { to, operatorsImage = '' }: { readonly to: string | undefined; readonly operatorsImage?: string },
): Edit {
  const cluster = clusterOf(object);
  const now = cluster.status.updateRevision;
  const target = to ?? goodBefore(revisions, now);
  const found = revisions.find(({ metadata }) => metadata.labels?.[labels.revision] === target);
  const known =
    revisions.map(({ metadata }) => metadata.labels?.[labels.revision] ?? '').join(', ') || 'none';
  if (found === undefined || target === undefined)
    return {
      refusal: `There is no ${to === undefined ? 'earlier good revision' : `revision ${to}`}; remembered are: ${known}`,
    };
  const inputs = found['data'] as RevisionInputs;
  const changed = differences(cluster.spec, clusterWith(cluster, inputs).spec);
  const isSame = JSON.stringify(revisionInputs(cluster, operatorsImage)) === JSON.stringify(inputs);
  if (changed.length === 0 || isSame) return { refusal: `The spec asks for revision ${target} already` };
  return {
    patch: {
      spec: changed.reduce<Nested>((patch, { path, after }) => set(patch, path, after ?? null), {}),
    },
    wrote: changed.map(({ field, after }) => `spec.${field}=${JSON.stringify(after ?? null)}`).join('\n'),
    follows: [
      `Pods of other revisions are replaced by ${target}, which need not be tried again if all pods were of it before`,
      ...pinned(object, changed),
      'Whoever keeps this RTCCluster in a repository has to change it there, too',
    ],
  };
}

/** What a spec without an image becomes. */
function pinned(object: KubeObject, changed: readonly Difference[]): readonly string[] {
  const { engine = {} } = (object['spec'] ?? {}) as { readonly engine?: { readonly image?: string } };
  const isNew = engine.image === undefined && changed.some(({ field }) => field === 'engine.image');
  if (!isNew) return [];
  return [
    'The spec named no image and does from now on: it follows the image of the operator again when spec.engine.image is taken out of it',
  ];
}

/** The one that every pod was of last, other than the one asked for now. */
function goodBefore(revisions: readonly KubeObject[], now: string | undefined): string | undefined {
  return lastProven(revisions.map(revisionRecord).filter(({ revision }) => revision !== now))?.revision;
}

type Nested = Readonly<Record<string, unknown>>;

function set(patch: Nested, [key = '', ...rest]: readonly string[], value: unknown): Nested {
  return { ...patch, [key]: rest.length === 0 ? value : set((patch[key] ?? {}) as Nested, rest, value) };
}

/** The annotation that keeps the operator from changing anything; null lets it. */
export function pause({ metadata, kind }: KubeObject, why: string | null): Edit {
  const before = metadata.annotations?.[annotations.paused];
  if (why === null && before === undefined) return { refusal: `${kind} ${metadata.name} is not paused` };
  if (why === 'false' || why === '')
    return { refusal: `The reason "${why}" would mean that it is not paused: give another` };
  return {
    patch: { metadata: { annotations: { [annotations.paused]: why } } },
    wrote: `${annotations.paused}${why === null ? ' removed' : `=${JSON.stringify(why)}`}`,
    follows: [
      why === null
        ? 'The operator makes everything as it should be again, at once'
        : 'The operator changes nothing until kubectl rtc resume. Calls go on, new calls come; nobody is replaced, drained or scaled',
    ],
  };
}

/** That all consumers have the TURN secret which is in force. */
export function acknowledge(object: KubeObject, hash: string | undefined): Edit {
  const { secrets } = (object['status'] ?? {}) as Partial<TurnServerStatus>;
  const { name } = object.metadata;
  if (secrets === undefined)
    return { refusal: `TurnServer ${name} tells of no secret yet: see kubectl rtc status` };
  if (hash !== undefined && hash !== secrets.activeHash)
    return {
      refusal: `The secret in force has the hash ${secrets.activeHash}, not ${hash}: who has another one would be refused when the old one is retired`,
    };
  if (secrets.rotation !== 'Overlapping')
    return {
      refusal: `TurnServer ${name} does not wait for that: its rotation is ${secrets.rotation}, not Overlapping`,
    };
  const others = secrets.accepted.flatMap(({ retireAfter }) => retireAfter ?? []);
  return {
    patch: { metadata: { annotations: { [annotations.turnAck]: secrets.activeHash } } },
    wrote: `${annotations.turnAck}=${secrets.activeHash}`,
    follows: [
      `The old secret is retired when its last credential has expired${others.length === 0 ? '' : `, no earlier than ${others.join(', ')}`}: who was not restarted with the new one is refused from then on`,
    ],
  };
}
