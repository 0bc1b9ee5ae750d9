/** PURE: what was observed of a cluster → what is decided, and what is to be written for it. Acts and foretells alike. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { copyNamespaces } from '../desired/bindingCopies.ts';
import { credentialsOf, type Credentials, type Random } from '../desired/credentials.ts';
import { revisionInputs, revisionOf } from '../desired/revision.ts';
import { revisionRecord, templateOf } from '../desired/revisionRecord.ts';
import { desiredChildren, type DesiredChildren } from '../desired/rtccluster.ts';
import type { PodTemplate } from '../desired/sfuPod.ts';
import { decideFleet, type FleetDecision } from '../fleet/decide.ts';
import type { NodeSupply } from '../fleet/nodes/eligible.ts';
import type { ScaleHistory } from '../fleet/scale/history.ts';
import type { Action } from './action.ts';
import { nodeSupply } from './nodeSupply.ts';
import type { Observed } from './observe.ts';
import { plan } from './plan.ts';
import { wiringOf, type Wiring } from './wiring.ts';

/** What an intent hangs on beside the observation. */
export interface IntentContext {
  /** SFU image of clusters that name none. */
  readonly operatorsImage: string;
  readonly clusterDomain: string;
  /** For credentials that do not exist yet. */
  readonly random: Random;
  /** What the last decision of this leader left; absent at the first. */
  readonly history: ScaleHistory | undefined;
}

/** See the file comment. */
export interface Intent {
  /** The revision of the pods that the spec asks for. */
  readonly revision: string;
  /** Absent where nodes are not ours to see. */
  readonly nodes?: NodeSupply;
  readonly decision: FleetDecision;
  readonly credentials: Credentials;
  readonly wiring: Wiring;
  readonly children: DesiredChildren;
  /** In the order they are run. */
  readonly actions: readonly Action[];
}

/** See the file comment. */
export function intentOf(observed: Observed, cluster: RtcCluster, context: IntentContext): Intent {
  const { operatorsImage, clusterDomain, random, history } = context;
  const { nowMs, views: pods, configMaps: addressMaps, revisions } = observed;
  const credentials = credentialsOf(cluster, observed.secrets, random);
  const revision = revisionOf(revisionInputs(cluster, operatorsImage));
  const nodes = nodeSupply(observed, cluster);
  const seen = { revision, ...(nodes && { nodes }) };
  const records = revisions.map(revisionRecord);
  const past = history && { history };
  const decision = decideFleet({ cluster, pods, addressMaps, records, nowMs, ...seen, ...past });
  const wiring = wiringOf(observed, cluster, clusterDomain);
  const children = desiredChildren(cluster, { credentials, ...wiring });
  const actions = actionsOf(observed, { cluster, decision, children, operatorsImage, wiring });
  return { ...seen, decision, credentials, wiring, children, actions };
}

interface Decided extends Pick<Intent, 'decision' | 'children' | 'wiring'> {
  readonly cluster: RtcCluster;
  readonly operatorsImage: string;
}

function actionsOf(
  { object, pods, others, found, revisions, leftovers, isNamespaceEnding, copies, reach, nowMs }: Observed,
  { cluster, decision, children, wiring, operatorsImage }: Decided,
): Action[] {
  const template = (of: string): PodTemplate => templateOf(of, { cluster, operatorsImage, revisions });
  return plan({
    ...{ cluster, object, decision, pods, others, found, children, isNamespaceEnding, nowMs },
    ...{ templateOf: template, inputs: revisionInputs(cluster, operatorsImage) },
    ...{ revisions, leftovers, operatorsImage, apiNames: wiring.apiNames },
    copies: { ...children.copies, namespaces: copyNamespaces(cluster), found: copies, reach },
  });
}
