/** Decision → `status.conditions`. Each says what is wrong and what to do about it, in the words of the decision. */
import { windowProblems } from '../../fleet/rollout/windows.ts';
import { addressesResolved } from './addresses.ts';
import { podSecurityCompatible } from './admission.ts';
import { certificateReady } from './certificate.ts';
import { credentialsSynced } from './credentials.ts';
import { draining } from './draining.ts';
import { engineLimited } from './engine.ts';
import { available, endpointsPublished } from './endpoints.ts';
import { apiExposureSafe } from './exposure.ts';
import { imageCurrent } from './image.ts';
import { nodesSufficient } from './nodes.ts';
import { sessionsObservable } from './observable.ts';
import { externalNameResolves } from './outside.ts';
import { reconciliationPaused } from './paused.ts';
import { progressing } from './progressing.ts';
import { addressesReachable } from './reachable.ts';
import { ready } from './ready.ts';
import { scalingConditions } from './scaling.ts';
import { nodesTuned } from './tuning.ts';
import { turnReady } from './turn.ts';
import type { ConditionInput, Verdict } from './verdict.ts';

/** Every condition, Ready first. Ready repeats the first of `needed` that is False; the others only inform. */
export function verdicts(input: ConditionInput): Verdict[] {
  const needed = [
    credentialsSynced(input),
    ...certificateReady(input),
    addressesResolved(input),
    endpointsPublished(input),
    available(input),
  ];
  const informing = [
    progressing(input, windowProblems(input.cluster.spec.update.windows)),
    draining(input),
    reconciliationPaused(input),
    nodesSufficient(input),
    nodesTuned(input),
    imageCurrent(input),
    ...engineLimited(input),
    ...externalNameResolves(input),
    ...turnReady(input),
    apiExposureSafe(input),
    podSecurityCompatible(input),
    sessionsObservable(input),
    addressesReachable(input),
    ...scalingConditions(input),
  ];
  return [ready(input, needed), ...needed.toReversed(), ...informing];
}
