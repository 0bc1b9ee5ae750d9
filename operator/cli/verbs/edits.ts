/** `reserve`, `rollout`, `pause`, `resume` and `turn ack`: one patch each. */
import type { KubeObject, Resource } from '../../kube/api.ts';
import { labels } from '../../desired/names.ts';
import { ConflictError } from '../../kube/errors.ts';
import * as resources from '../../kube/resources.ts';
import { done } from '../done.ts';
import { CliError, type Answer } from '../io.ts';
import { clusterIn, oneOf, type Session } from '../session.ts';
import { targetIn, targetOf } from '../target.ts';
import {
  acknowledge,
  pause,
  pauseRollout,
  reserve,
  undoRollout,
  unreserve,
  type Edit,
} from '../views/edits.ts';
import { reservationsText, reservationsView } from '../views/reservations.ts';
import { rolloutText, rolloutView } from '../views/rollout.ts';

/** An object, and where it is written to. */
interface Subject {
  readonly object: KubeObject;
  readonly resource: Resource;
}

/** The operator writes the status of the same object all the time. */
const tries = 6;

/** Throws a CliError with the refusal. Who was too late reads again, and decides anew. */
async function write(
  { kube }: Session,
  read: () => Promise<Subject>,
  edit: (object: KubeObject) => Edit | Promise<Edit>,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    const { object, resource } = await read();
    const made = await edit(object);
    if ('refusal' in made) throw new CliError(made.refusal);
    const { namespace = '', name } = object.metadata;
    try {
      await kube.mergePatch(resource, { namespace, name }, made.patch);
      const wrote = made.wrote.split('\n').map((line) => `${object.kind} ${name}: ${line}`);
      return done({ wrote, follows: made.follows });
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt === tries) throw error;
    }
  }
}

function onCluster(
  session: Session,
  name: string | undefined,
  edit: (cluster: KubeObject) => Edit | Promise<Edit>,
): Promise<Answer> {
  const resource = resources.rtcclusters;
  return write(session, async () => ({ object: await clusterIn(session, name), resource }), edit);
}

/** What a reservation is made of; times are RFC 3339. */
export interface ReserveOptions {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly sessions: number;
}

/** Room for an event. */
export function makeReservation(
  session: Session,
  cluster: string | undefined,
  { nowMs, ...reservation }: ReserveOptions & { readonly nowMs: number },
): Promise<Answer> {
  return onCluster(session, cluster, (object) => reserve(object, reservation, nowMs));
}

/** Takes one back. */
export function removeReservation(
  session: Session,
  cluster: string | undefined,
  name: string,
): Promise<Answer> {
  return onCluster(session, cluster, (object) => unreserve(object, name));
}

/** Those there are. */
export async function listReservations(session: Session, cluster: string | undefined): Promise<Answer> {
  const view = reservationsView(await clusterIn(session, cluster));
  return { view, text: reservationsText(view) };
}

/** Begins no further replacement, or goes on. */
export function setRolloutPaused(
  session: Session,
  cluster: string | undefined,
  paused: boolean,
): Promise<Answer> {
  return onCluster(session, cluster, () => pauseRollout(paused));
}

async function revisionsOf(
  { all, namespace }: Session,
  { metadata }: KubeObject,
): Promise<readonly KubeObject[]> {
  const found = await all(resources.controllerRevisions, {
    namespace,
    labelSelector: `${labels.cluster}=${metadata.name}`,
  });
  return found.filter((one) => one.metadata.ownerReferences?.some(({ uid }) => uid === metadata.uid));
}

/** Writes an earlier revision back into the spec. */
export function undo(session: Session, cluster: string | undefined, to: string | undefined): Promise<Answer> {
  return onCluster(session, cluster, async (object) =>
    undoRollout(object, await revisionsOf(session, object), { to }),
  );
}

/** Where a rollout stands, and which revisions are remembered. */
export async function rolloutStatus(session: Session, name: string | undefined): Promise<Answer> {
  const cluster = await clusterIn(session, name);
  const view = rolloutView(cluster, await revisionsOf(session, cluster));
  return { view, text: rolloutText(view) };
}

/** `calls`, `rtccluster/calls` or `turnserver/edge`; absent: the only RTCCluster. */
export function setPaused(session: Session, name: string | undefined, why: string | null): Promise<Answer> {
  return write(
    session,
    () => anyOf(session, name),
    (object) => pause(object, why),
  );
}

async function anyOf(session: Session, name: string | undefined): Promise<Subject> {
  const target = targetOf(name);
  const resource = target.kind === 'TurnServer' ? resources.turnservers : resources.rtcclusters;
  return { object: await targetIn(session, target), resource };
}

/** All consumers have the new TURN secret. */
export function turnAck(session: Session, name: string, hash: string | undefined): Promise<Answer> {
  const resource = resources.turnservers;
  const read = async (): Promise<Subject> => ({ object: await oneOf(session, resource, name), resource });
  return write(session, read, (object) => acknowledge(object, hash));
}
