/** `--wait` of a request: tells first what will follow, then what is still missing, and last what came of it. */
import type { MemberStatus } from '../../api/rtccluster.ts';
import type { KubeObject } from '../../kube/api.ts';
import { NotFoundError } from '../../kube/errors.ts';
import * as resources from '../../kube/resources.ts';
import { done, type DoneView } from '../done.ts';
import { exitCodes, type Answer, type Io } from '../io.ts';
import type { Session } from '../session.ts';
import { endOf, isTakenBack, missing, ownerOf, servingNow, type Ask, type Target } from '../views/request.ts';
import { waitUntil } from '../wait.ts';

/** What is waited for. */
export interface Waiting {
  readonly targets: readonly Target[];
  readonly ask: Ask;
  /** Said before the wait. */
  readonly told: Pick<DoneView, 'wrote' | 'follows'>;
  /** Undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
}

/** Exit code `timedOut` when something is still missing then, `failed` when somebody has taken it back meanwhile. */
export async function waitFor(
  session: Session,
  io: Io,
  { targets, ask, told, timeoutMs }: Waiting,
): Promise<Answer> {
  if (session.options.output !== 'json') io.out(`${done(told).text}\n`);
  const left = await waitUntil(io, () => missingOf(session, targets, ask), timeoutMs);
  if (left !== undefined)
    return ended({ ...told, isOver: false, ended: [`Still missing: ${left}`] }, 'timedOut');
  const now = await Promise.all(targets.map(async ({ pod }) => ({ pod, now: await samePod(session, pod) })));
  const ends = now.map(({ pod, now: found }) => endOf(pod.metadata.name, found, ask));
  const view = { ...told, isOver: true, ended: [...ends, ...(await serving(session, targets))] };
  return ended(view, now.some(({ now: found }) => isTakenBack(found, ask)) ? 'failed' : 'ok');
}

/** What was told before the wait is not repeated to people. */
function ended(view: DoneView & { readonly ended: readonly string[] }, code: keyof typeof exitCodes): Answer {
  return { view, text: view.ended.join('\n'), exitCode: exitCodes[code] };
}

/** A sentence for each owner. */
async function serving(session: Session, targets: readonly Target[]): Promise<string[]> {
  const first = new Map(targets.map(({ pod, owner }) => [owner?.metadata.uid, pod]));
  const owners = await Promise.all([...first.values()].map((pod) => ownerObject(session, pod)));
  return owners.flatMap((owner) => (owner === undefined ? [] : servingNow(owner)));
}

async function missingOf(
  session: Session,
  targets: readonly Target[],
  ask: Ask,
): Promise<string | undefined> {
  const lines = await Promise.all(targets.map((target) => missingAt(session, target, ask)));
  const left = lines.filter((line) => line !== undefined);
  return left.length === 0 ? undefined : left.join('; ');
}

/** With the words of the operator, as they stand in the status. */
async function missingAt(session: Session, target: Target, ask: Ask): Promise<string | undefined> {
  const { name } = target.pod.metadata;
  const left = missing(await samePod(session, target.pod), ask);
  if (left === undefined) return undefined;
  const owner = await ownerObject(session, target.pod);
  const { members = [] } = (owner?.['status'] ?? {}) as { readonly members?: readonly MemberStatus[] };
  const member = members.find((one) => one.name === name);
  return member?.message === undefined ? `${name}: ${left}` : `${name}: ${left} (${member.message})`;
}

/** Its RTCCluster or TurnServer; undefined when it is gone. */
export async function ownerObject(
  { kube, namespace }: Session,
  pod: KubeObject,
): Promise<KubeObject | undefined> {
  const of = ownerOf(pod);
  if (of === undefined) return undefined;
  const resource = of.kind === 'TurnServer' ? resources.turnservers : resources.rtcclusters;
  return kube.get(resource, { namespace, name: of.name }).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
}

/** Undefined when it is gone; another of its name is another. */
export async function samePod({ kube }: Session, pod: KubeObject): Promise<KubeObject | undefined> {
  const now = await kube.get(resources.pods, keyOf(pod)).catch((error: unknown) => {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  });
  return now?.metadata.uid === pod.metadata.uid ? now : undefined;
}

/** Namespace and name. */
export function keyOf({ metadata }: KubeObject): { readonly namespace: string; readonly name: string } {
  return { namespace: metadata.namespace ?? '', name: metadata.name };
}
