/** `spec.binding`: what a Mattermost needs to use the cluster. */
import { z } from 'zod';
import { objectName } from '../shared.ts';

/** See the file comment. */
export const binding = z.object({
  secretName: objectName()
    .optional()
    .describe(
      'Secret with the MM_CALLS_* variables that wire a Mattermost to this cluster (envFrom). Default: <name>-mattermost-env. It holds the credentials of the first client.',
    ),
});
