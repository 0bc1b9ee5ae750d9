/** What forbids a pod the network of its node, told with the command that allows it. */
import type { Reason } from '../fleet/pod.ts';

const podSecurity = 'PodSecurityForbids';
const securityContext = 'SecurityContextForbids';

/** Reasons that `admissionReason` gives. */
export const admissionReasons: readonly string[] = [podSecurity, securityContext];

/** Undefined when a refused pod was refused for something else, such as a quota. `said` is the API server's message. */
export function admissionReason(said: string, namespace: string): Reason | undefined {
  const level = /violates PodSecurity "([a-z]+)/.exec(said)?.[1];
  if (level !== undefined)
    return {
      reason: podSecurity,
      message: `Namespace ${namespace} enforces the Pod Security level ${level}, which forbids the network of the node: kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=privileged --overwrite`,
    };
  if (said.includes('security context constraint'))
    return {
      reason: securityContext,
      message: `No security context constraint lets pods of namespace ${namespace} use the network of the node: oc adm policy add-scc-to-user hostnetwork-v2 -z default -n ${namespace}`,
    };
  return undefined;
}
