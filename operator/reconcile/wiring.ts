/** PURE: what a cluster and its Mattermost know each other by, from what was observed. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { names as objectNames } from '../desired/names.ts';
import { apiCertificate } from '../desired/apiCertificate.ts';
import type { Reaches } from '../desired/copyRecord.ts';
import type { ServedCertificate } from '../desired/servedCertificate.ts';
import { apiNames } from '../desired/services.ts';
import { turnUseOf, type TurnUse } from '../desired/turnUse.ts';
import type { NameFacts } from '../facts/nameWatch.ts';
import type { Observed } from './observe.ts';

/** See the file comment. */
export interface Wiring {
  readonly clusterDomain: string;
  /** DNS names of the API, that of Mattermost's URL first. */
  readonly apiNames: readonly string[];
  /** Whether cert-manager can be asked for certificates. */
  readonly canIssue: boolean;
  /** The API's certificate; absent without TLS. */
  readonly certificate?: ServedCertificate;
  /** PEM of the authority that Mattermost has to be told of. */
  readonly ca?: string;
  /** What DNS says of the name outside the cluster. */
  readonly name?: NameFacts;
  /** What comes of `turn.turnServerName`; absent without it. */
  readonly turn?: TurnUse;
  /** Whether the namespaces that want a copy of the binding can be written to. */
  readonly reach: Reaches;
}

/** `clusterDomain` is the DNS domain of the Kubernetes cluster. */
export function wiringOf(observed: Observed, cluster: RtcCluster, clusterDomain: string): Wiring {
  const { secrets, issuance, reach, name, nowMs } = observed;
  const names = apiNames(cluster, clusterDomain);
  const certificate = apiCertificate(cluster, { secrets, names, issuance, nowMs });
  const ca = certificate?.ca;
  const held = secrets[objectNames.bindingSecret(cluster)];
  const turn = turnUseOf(cluster, { ...observed.turn, ...(held && { held }) });
  return {
    clusterDomain,
    apiNames: names,
    reach,
    canIssue: issuance.availability === 'Served',
    ...(name && { name }),
    ...(certificate && { certificate }),
    ...(turn && { turn }),
    ...(ca !== undefined && { ca }),
  };
}
