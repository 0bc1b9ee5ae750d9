/** Whether clients can be told where the servers are. */
import { addressesResolved } from '../../conditions/addresses.ts';
import { turnNames } from '../names.ts';
import type { TurnConditionInput, TurnVerdict } from './input.ts';

/** AddressesResolved: of each pod, or of the load balancer. */
export function turnAddressesResolved(input: TurnConditionInput): TurnVerdict {
  const { server, hosts } = input;
  const type = 'AddressesResolved';
  if (server.spec.network.mode === 'HostNetwork') return addressesResolved(input);
  const service = turnNames.service(server);
  if (hosts.length === 0)
    return {
      type,
      status: 'False',
      reason: 'LoadBalancerPending',
      message: `Service ${service} has no external address yet: see kubectl describe service ${service}, and whether something in this Kubernetes makes load balancers`,
    };
  return {
    type,
    status: 'True',
    reason: 'LoadBalancerAddress',
    message: `Clients reach Service ${service}. What is relayed leaves from the addresses of the pods: these and the SFU pods must reach each other by UDP`,
  };
}
