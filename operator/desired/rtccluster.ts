/** All children of an RTCCluster but its pods, in the order they are applied. */
import type { RtcCluster } from '../api/rtccluster.ts';
import { bindingCopies, type BindingCopies } from './bindingCopies.ts';
import { certificate } from './certificate.ts';
import { configMap } from './configMap.ts';
import type { Reaches } from './copyRecord.ts';
import type { Credentials } from './credentials.ts';
import { disruptionBudget } from './disruption.ts';
import type { DesiredObject } from './object.ts';
import { adminSecret, bindingSecret, clientSecrets } from './secrets.ts';
import { discoveryService } from './services.ts';
import type { TurnUse } from './turnUse.ts';

/** The children, by what may be done to them once they exist. */
export interface DesiredChildren {
  /** Created when missing and never written again: nothing rotates credentials by accident. */
  readonly createOnce: readonly DesiredObject[];
  /** Kept as they are here. */
  readonly kept: readonly DesiredObject[];
  /** The binding in other namespaces. */
  readonly copies: BindingCopies;
}

/** What the builders need beside the cluster. */
export interface BuildContext {
  readonly credentials: Credentials;
  /** DNS domain of the Kubernetes cluster, such as `cluster.local`. */
  readonly clusterDomain: string;
  /** Whether cert-manager can be asked for certificates. */
  readonly canIssue: boolean;
  /** PEM of the authority behind the API's certificate; absent when Mattermost need not be told. */
  readonly ca?: string;
  /** What comes of `turn.turnServerName`. */
  readonly turn?: TurnUse;
  /** Whether the namespaces that want a copy of the binding can be written to; absent: none can. */
  readonly reach?: Reaches;
}

/** See the file comment. Secrets come first, pods cannot start without them. */
export function desiredChildren(cluster: RtcCluster, context: BuildContext): DesiredChildren {
  const { credentials, clusterDomain, canIssue } = context;
  const binding = bindingSecret(cluster, context);
  const optional = [
    ...(canIssue ? [certificate(cluster, clusterDomain)] : []),
    binding,
    disruptionBudget(cluster),
  ];
  return {
    createOnce: [adminSecret(cluster, credentials), ...clientSecrets(cluster, credentials)],
    kept: [
      configMap(cluster),
      discoveryService(cluster),
      ...optional.filter((object) => object !== undefined),
    ],
    copies: bindingCopies(cluster, binding, context.reach ?? {}),
  };
}
