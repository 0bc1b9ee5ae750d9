/** `status`: reads RTCClusters and TurnServers, and asks the operator for what is live; it works also when none runs. */
import type { KubeObject } from '../../kube/api.ts';
import { NotFoundError } from '../../kube/errors.ts';
import * as resources from '../../kube/resources.ts';
import { leader } from '../doctor/operator.ts';
import { CliError, type Answer, type Io } from '../io.ts';
import { recordOfAny } from '../leader.ts';
import { placeText, type Session } from '../session.ts';
import { targetOf } from '../target.ts';
import { styleFor } from '../text.ts';
import { statusText, statusView, type Live } from '../views/status.ts';
import { knownWithin, leaseOrWhyNone } from './known.ts';

/** What the command line says. */
export interface StatusOptions {
  readonly name: string | undefined;
  readonly allNamespaces: boolean;
}

/** See the file comment. */
export async function status(
  session: Session,
  io: Io,
  { name: word, allNamespaces }: StatusOptions,
): Promise<Answer> {
  const { kind, name } = targetOf(word);
  const isAny = word?.includes('/') !== true;
  const found = await fleets(session, allNamespaces ? {} : { namespace: session.namespace });
  const meant = found.filter(
    (one) => (isAny || one.kind === kind) && (name === undefined || one.metadata.name === name),
  );
  if (name !== undefined && meant.length === 0)
    throw new CliError(
      `There is ${isAny ? 'neither an RTCCluster nor a TurnServer' : `no ${kind}`} ${name}${placeText(
        session.namespace,
        found.filter((one) => isAny || one.kind === kind).map(({ metadata }) => metadata.name),
      )}`,
    );
  const isLong = name !== undefined || meant.length <= 2;
  const view = statusView(meant, await liveOf(session, isLong ? meant : [], io.nowMs()));
  const style = styleFor(io.isTerminal, io.env);
  return { view, text: statusText(view, { style, nowMs: io.nowMs(), isLong }) };
}

/** Somebody looks because something is wrong: what does not answer must not keep the rest from them. */
const patienceMs = 5_000;

async function liveOf(session: Session, objects: readonly KubeObject[], nowMs: number): Promise<Live> {
  const [lease, ...pods] = await Promise.all([
    knownWithin(patienceMs, () => leaseOrWhyNone(session)),
    ...objects.map((object) => knownWithin(patienceMs, () => recordOfAny(session, object))),
  ]);
  const [by = { unknown: 'it was not asked' }] = pods.filter((one) => 'value' in one);
  const [operator] = leader({ lease, record: by, nowMs });
  return {
    ...(operator && { operator }),
    podsOf: (object) => {
      const record = pods[objects.indexOf(object)];
      return record !== undefined && 'value' in record ? { value: record.value.observed.views } : record;
    },
  };
}

async function fleets({ all }: Session, selection: { readonly namespace?: string }): Promise<KubeObject[]> {
  const clusters = await all(resources.rtcclusters, selection).catch((error: unknown) => {
    if (!(error instanceof NotFoundError)) throw error;
    throw new CliError(
      'This Kubernetes knows no RTCClusters: install the CustomResourceDefinitions with the chart of the operator',
    );
  });
  // An older chart brought no TurnServers.
  const turn = await all(resources.turnservers, selection).catch((error: unknown) => {
    if (error instanceof NotFoundError) return [];
    throw error;
  });
  return [...clusters, ...turn];
}
