/** What clients are told, and whether they can be expected to reach it. */
import { isPublic, publicEntry } from '../../fleet/address.ts';
import { namedPods, type ConditionInput, type Verdict } from './verdict.ts';

/** AddressesResolved: every pod has an address to tell its clients. */
export function addressesResolved({
  decision: { members },
}: Pick<ConditionInput, 'decision'>): Verdict<'AddressesResolved'> {
  const type = 'AddressesResolved';
  const problem = members.find(({ pod }) => pod.addressProblem !== undefined)?.pod.addressProblem;
  if (problem !== undefined) return { type, status: 'False', ...problem };
  const known = members.filter(({ address }) => address !== '');
  if (known.length === 0)
    return { type, status: 'Unknown', reason: 'NoNodeYet', message: 'No pod has a node yet' };
  const inside = known.filter(({ address }) => !isPublic(publicEntry(address)));
  if (inside.length === 0)
    return {
      type,
      status: 'True',
      reason: 'PublicAddress',
      message: 'Every pod advertises a public address',
    };
  const addresses = inside.slice(0, namedPods).map(({ address }) => publicEntry(address));
  return {
    type,
    status: 'True',
    reason: 'PrivateAddress',
    message: `Clients must be able to reach ${addresses.join(', ')}: private addresses. For clients on the Internet give the nodes an ExternalIP`,
  };
}
