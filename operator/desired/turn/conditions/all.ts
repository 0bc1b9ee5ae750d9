/** Decision → `status.conditions` of a TurnServer. */
import { podSecurityCompatible } from '../../conditions/admission.ts';
import { draining } from '../../conditions/draining.ts';
import { nodesSufficient } from '../../conditions/nodes.ts';
import { reconciliationPaused } from '../../conditions/paused.ts';
import { replacingIn } from '../../conditions/ready.ts';
import { progressing } from '../../conditions/progressing.ts';
import { turnAddressesResolved } from './addresses.ts';
import { certificateReady } from './certificate.ts';
import type { TurnConditionInput, TurnVerdict } from './input.ts';
import { allocationsObservable } from './observable.ts';
import { peersSynced } from './peers.ts';
import { relayPortsClear } from './relayPorts.ts';
import { consumersAdopted, secretsSynced } from './secrets.ts';
import { available, endpointsPublished } from './serving.ts';
import { versionSupported } from './version.ts';

/** Every condition, Ready first. Ready repeats the first of `needed` that is False; the others only inform. */
export function turnVerdicts(input: TurnConditionInput): TurnVerdict[] {
  const { server, cluster } = input;
  const version = versionSupported(input);
  const needed: TurnVerdict[] = [
    ...(version.reason === 'VersionRefused' ? [version] : []),
    secretsSynced(input),
    ...certificateReady(input),
    peersSynced(input),
    turnAddressesResolved(input),
    endpointsPublished(input),
    available(input),
  ];
  const everywhere = server.spec.placement.mode === 'EveryNode';
  const informing: TurnVerdict[] = [
    ...(version.reason === 'VersionRefused' ? [] : [version]),
    progressing(input),
    draining(input),
    reconciliationPaused({ cluster: server }),
    consumersAdopted(input),
    allocationsObservable(input),
    ...(everywhere ? [] : [nodesSufficient({ ...input, cluster })]),
    ...relayPortsClear(input),
    podSecurityCompatible(input),
  ];
  return [ready(input, needed), ...needed.toReversed(), ...informing];
}

function ready({ server, refusal }: TurnConditionInput, parts: readonly TurnVerdict[]): TurnVerdict {
  const type = 'Ready';
  if (refusal !== undefined) return { type, status: 'False', ...refusal };
  if (server.metadata.deletionTimestamp !== undefined)
    return { type, status: 'False', reason: 'Deleting', message: 'Goes when its last allocation has ended' };
  const wrong = parts.find(({ status }) => status === 'False');
  if (wrong !== undefined) return { ...wrong, type };
  const message = 'Every TURN server takes allocations';
  return replacingIn(parts, type) ?? { type, status: 'True', reason: 'AllPublished', message };
}
