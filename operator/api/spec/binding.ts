/** `spec.binding`: what a Mattermost needs to use the cluster. */
import { z } from 'zod';
import { atomicList, namespaceName, objectName } from '../shared.ts';

/** See the file comment. */
export const binding = z.object({
  secretName: objectName()
    .optional()
    .describe(
      'Secret with the MM_CALLS_* variables that wire a Mattermost to this cluster (envFrom). Default: <name>-mattermost-env. It holds the credentials of the first client.',
    ),
  namespaces: atomicList(namespaceName(), 32)
    .default([])
    .describe(
      "Other namespaces that get a copy of that Secret, kept true, and taken back when the namespace is not named any more. Each must be in the chart's bindingNamespaces.",
    ),
});
