/** `RTCCluster.spec.turn`: the TURN servers that clients are sent to. */
import { z } from 'zod';
import { objectName } from '../shared.ts';

/** See the file comment. */
export const turnUse = z.object({
  turnServerName: objectName()
    .optional()
    .describe(
      'A TurnServer in the namespace of the cluster, for clients whose network lets no media through. Its addresses and its secret go into the binding Secret, which Mattermost reads when it starts. That TurnServer must name this cluster in peers.allow. Absent: none.',
    ),
});
