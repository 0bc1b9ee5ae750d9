/** PURE: why nothing is written for a TurnServer for now. */
import type { TurnServer } from '../../api/turnserver.ts';
import { pauseOf } from '../../desired/pause.ts';
import type { Reason } from '../../fleet/pod.ts';
import type { TurnObserved } from './observe.ts';

/** What keeps everything as it is: a person, or an operator that was started without what it needs. */
export function stopOf(
  { isNamespaceEnding }: Pick<TurnObserved, 'isNamespaceEnding'>,
  server: TurnServer,
  operatorsImage: string | undefined,
): Reason | undefined {
  if (isNamespaceEnding) return undefined;
  const pause = pauseOf(server);
  if (pause !== undefined || operatorsImage !== undefined) return pause;
  const message =
    'The operator does not know its own image, in which the agent of TURN pods is: start it with --own-image (RTC_OPERATOR_OWN_IMAGE), as its chart does';
  return { reason: 'OwnImageUnknown', message };
}
