/** `spec.drain`: how a pod is emptied before it goes. */
import { z } from 'zod';
import { seconds } from '../shared.ts';

/** See the file comment. */
export const drain = z.object({
  propagationSeconds: seconds()
    .default(45)
    .describe(
      'How long after leaving DNS a pod may still be given new calls. Default: the 10 s poll of the Calls plugin, a DNS time-to-live of 30 s and some slack.',
    ),
  sessionlessSeconds: seconds()
    .default(15)
    .describe('How long a draining pod must have had no sessions before it is deleted.'),
  timeoutSeconds: seconds()
    .min(30)
    .default(18_000)
    .describe(
      'How long a pod that somebody else deletes (a node drain, kubectl delete) may go on with its calls: its terminationGracePeriodSeconds. The operator itself never deletes a pod with a call.',
    ),
});
