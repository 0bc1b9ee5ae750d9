/** Whether the coturns that run, and the one that is asked for, may serve. */
import { judgeVersion, versionOfImage, type VersionVerdict } from '../../../turn/version.ts';
import type { TurnConditionInput, TurnVerdict } from './input.ts';

const gravity = ['Refused', 'Warned', 'Unknown', 'Supported'] as const;
const status = { Refused: 'False', Warned: 'False', Unknown: 'Unknown', Supported: 'True' } as const;

/** VersionSupported: the worst of all that run, and of the image where its tag tells. */
export function versionSupported({ server, decision }: TurnConditionInput): TurnVerdict {
  const told = decision.members.flatMap(({ pod: { facts } }) =>
    // Empty: its agent answers, and its coturn has not started yet.
    facts?.answered === true && facts.version !== '' ? [facts.version] : [],
  );
  const byTag = versionOfImage(server.spec.image);
  // What pods say is better than nothing, and what a tag says better than a pod of an older image.
  const versions = byTag === '' && told.length > 0 ? told : [byTag, ...told];
  const { verdict, reason } = worst(versions.map(judgeVersion));
  return { type: 'VersionSupported', status: status[verdict], ...reason };
}

function worst(verdicts: readonly VersionVerdict[]): VersionVerdict {
  const [first = judgeVersion('')] = verdicts.toSorted(
    (a, b) => gravity.indexOf(a.verdict) - gravity.indexOf(b.verdict),
  );
  return first;
}
