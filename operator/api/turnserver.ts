/** TurnServer, the single source: a group of coturns that clients in restrictive networks reach calls through. */
import { z } from 'zod';
import { apiVersion } from './rtccluster.ts';
import { metadataSchema } from './shared.ts';
import { turnSpecSchema } from './turnserverSpec.ts';
import { turnStatusSchema } from './turnserverStatus.ts';

/** A TurnServer as the API server returns it; metadata holds only what we read. */
export const turnServerSchema = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal('TurnServer'),
  metadata: metadataSchema,
  spec: turnSpecSchema,
  status: turnStatusSchema.partial().default({}),
});

/** A TurnServer with every default filled in. */
export type TurnServer = z.infer<typeof turnServerSchema>;
/** What the user wants. */
export type TurnServerSpec = z.infer<typeof turnSpecSchema>;
/** What we saw last; can be deleted at any moment and is rebuilt. */
export type TurnServerStatus = z.infer<typeof turnStatusSchema>;
