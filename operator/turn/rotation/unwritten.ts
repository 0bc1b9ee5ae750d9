/** Where a rotation stands when its next step could not be written: what is in the Secret, and nothing that was only decided. */
import type { RotationStage } from '../../api/turnserverStatus.ts';
import type { Reason } from '../../fleet/pod.ts';
import { secretHash } from '../secretHash.ts';
import { timeIn, type Rotation, type SecretContents } from './state.ts';

/** `seen` is undefined where there is no Secret, or none of ours. */
export function unwritten(seen: SecretContents | undefined, why: Reason): Rotation {
  const contents = seen ?? { secret: '', annotations: {} };
  const { secret } = contents;
  const now =
    secret === '' ? 'There is no secret yet' : `Credentials are made with secret ${secretHash(secret)}`;
  return {
    stage: stageOf(contents),
    contents,
    ...(secret !== '' && { issue: secret }),
    reason: { reason: 'StepNotWritten', message: `${now}; the next step was not written: ${why.message}` },
    waitingFor: [],
  };
}

function stageOf(contents: SecretContents): RotationStage {
  const { previous, next } = contents;
  if (previous !== undefined) return timeIn(contents, 'switched') === undefined ? 'Switching' : 'Overlapping';
  return next === undefined ? 'Stable' : 'Distributing';
}
