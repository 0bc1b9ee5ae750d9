/** One TurnServer that every test starts from; each mutates only what it is about. */
import { turnServerSchema, type TurnServer } from '../../operator/api/turnserver.ts';

/** A TurnServer named `edge` in `mattermost` with every default. */
export function aTurnServer(
  spec: Readonly<Record<string, unknown>> = {},
  metadata: Partial<TurnServer['metadata']> = {},
): TurnServer {
  return turnServerSchema.parse({
    apiVersion: 'rtc.progressnet.gr/v1alpha1',
    kind: 'TurnServer',
    metadata: { name: 'edge', namespace: 'mattermost', uid: 'turn-uid', generation: 1, ...metadata },
    spec,
  });
}
