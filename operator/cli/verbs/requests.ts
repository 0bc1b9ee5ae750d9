/** `drain`, `undrain`, `cordon` and `uncordon`: write what the operator reads from pods, tell what follows, and wait for it. */
import { annotations, labels } from '../../desired/names.ts';
import type { KubeObject } from '../../kube/api.ts';
import * as resources from '../../kube/resources.ts';
import { done } from '../done.ts';
import { CliError, exitCodes, type Answer, type Io } from '../io.ts';
import { recordOf } from '../leader.ts';
import { oneOf, sentenceOf, type Session } from '../session.ts';
import { timeText } from '../text.ts';
import { coturnForetold, foretold } from '../views/foresight.ts';
import { isWritten, refusalOf, requestPatch, type Ask, type Target } from '../views/request.ts';
import { waitUntil } from '../wait.ts';
import { keyOf, ownerObject, samePod, waitFor } from './requestWait.ts';

/** What the command line says. */
export interface RequestOptions {
  readonly pods: readonly string[];
  /** All pods of ours there. */
  readonly node: string | undefined;
  readonly wait: boolean;
  /** Of the wait, in milliseconds; undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
  /** Of a drain, milliseconds since the epoch; undefined: as the spec says. */
  readonly deadlineMs: number | undefined;
}

/** Writes nothing at all when a pod that was named would be refused; of those on a node, such ones are left out. */
export async function request(
  session: Session,
  io: Io,
  { ask, ...options }: RequestOptions & { readonly ask: Ask },
): Promise<Answer> {
  const found = await targetsOf(session, options);
  const refusals = found.flatMap((target) => refusalOf(target, ask) ?? []);
  const targets = found.filter((target) => refusalOf(target, ask) === undefined);
  if (targets.length === 0 || (options.node === undefined && refusals.length > 0))
    throw new CliError(refusals.join('\n'));
  const foretold = await foresight(session, targets, ask);
  const wrote = await written(session, targets, ask);
  const { deadlineMs } = options;
  const deadlines =
    deadlineMs === undefined ? none : await setDeadlines(session, io, { targets, deadlineMs });
  const told = {
    wrote: [...wrote, ...deadlines.wrote],
    follows: [...foretold, ...refusals.map((why) => `Left out: ${why}`), ...deadlines.missing],
  };
  if (!options.wait) return done(told, deadlines.missing.length > 0 ? exitCodes.timedOut : exitCodes.ok);
  return waitFor(session, io, { targets, ask, told, timeoutMs: options.timeoutMs });
}

async function targetsOf(session: Session, { pods, node }: RequestOptions): Promise<Target[]> {
  if (pods.length > 0 === (node !== undefined))
    throw new CliError('Name pods, or a node with --node', exitCodes.usage);
  const found =
    node === undefined
      ? await Promise.all(pods.map((name) => oneOf(session, resources.pods, name)))
      : await podsOn(session, node);
  return Promise.all(found.map(async (pod) => ({ pod, owner: await ownerObject(session, pod) })));
}

async function podsOn({ all, namespace }: Session, node: string): Promise<readonly KubeObject[]> {
  const found = await all(resources.pods, {
    namespace,
    labelSelector: `${labels.role} in (sfu,turn)`,
    fieldSelector: `spec.nodeName=${node}`,
  });
  if (found.length === 0)
    throw new CliError(`There is no SFU or TURN pod of namespace ${namespace} on node ${node}`);
  return found;
}

async function foresight(session: Session, targets: readonly Target[], ask: Ask): Promise<string[]> {
  const owners = new Map(
    targets.flatMap(({ owner }) => (owner === undefined ? [] : [[owner.metadata.uid, owner]])),
  );
  const told = [...owners.values()].map(async (owner) => {
    const mine = targets.filter((target) => target.owner?.metadata.uid === owner.metadata.uid);
    const names = mine.map(({ pod }) => pod.metadata.name);
    return owner.kind === 'TurnServer'
      ? coturnForetold(owner, names, ask)
      : foretoldByRecord(session, owner, { names, ask });
  });
  return (await Promise.all(told)).flat();
}

/** The operator need not be asked: what it cannot tell now, its status tells later. */
async function foretoldByRecord(
  session: Session,
  cluster: KubeObject,
  { names, ask }: { readonly names: readonly string[]; readonly ask: Ask },
): Promise<string[]> {
  try {
    return foretold(await recordOf(session, cluster), names, ask);
  } catch (error) {
    return [`What follows is not known, see kubectl rtc status: ${sentenceOf(error)}`];
  }
}

async function written({ kube }: Session, targets: readonly Target[], ask: Ask): Promise<string[]> {
  const lines: string[] = [];
  for (const { pod } of targets) {
    if (isWritten(pod, ask)) continue;
    const patch = requestPatch(ask);
    await kube.mergePatch(resources.pods, keyOf(pod), {
      metadata: { uid: pod.metadata.uid, annotations: patch },
    });
    const [key = '', value] = Object.entries(patch)[0] ?? [];
    lines.push(`pod ${pod.metadata.name}: ${key}${value == null ? ' removed' : `=${value}`}`);
  }
  return lines;
}

const beginsWithinMs = 30_000;

/** Deadlines that were written, and why some were not. */
interface Deadlines {
  readonly wrote: readonly string[];
  readonly missing: readonly string[];
}

const none: Deadlines = { wrote: [], missing: [] };

/** A deadline counts from when the operator has begun the drain, and is its to write until then. */
async function setDeadlines(
  session: Session,
  io: Io,
  { targets, deadlineMs }: { readonly targets: readonly Target[]; readonly deadlineMs: number },
): Promise<Deadlines> {
  const wrote: string[] = [];
  const missing: string[] = [];
  for (const { pod } of targets) {
    const { name, uid } = pod.metadata;
    const held = await waitUntil(io, () => notBegun(session, pod), beginsWithinMs);
    const value = timeText(deadlineMs);
    if (held !== undefined)
      missing.push(
        `The deadline of ${name} is not written: ${held}. Repeat the command when its drain has begun (kubectl rtc why)`,
      );
    else if ((await samePod(session, pod)) !== undefined) {
      const patch = { metadata: { uid, annotations: { [annotations.drainDeadline]: value } } };
      await session.kube.mergePatch(resources.pods, keyOf(pod), patch);
      wrote.push(`pod ${name}: ${annotations.drainDeadline}=${value}`);
    }
  }
  return { wrote, missing };
}

/** One that is gone has nothing left to begin. */
async function notBegun(session: Session, pod: KubeObject): Promise<string | undefined> {
  const now = await samePod(session, pod);
  if (now === undefined || now.metadata.annotations?.[annotations.drain] !== undefined) return undefined;
  return 'its drain has not begun';
}
