/** `spec.auth`: who may connect. */
import { z } from 'zod';
import { label, mapList, objectName } from '../shared.ts';

const client = z.object({
  name: label().describe('Names the client in this cluster.'),
  secretName: objectName()
    .optional()
    .describe('Secret with the keys clientID and authKey. Default: <cluster>-client-<name>.'),
  create: z
    .boolean()
    .default(true)
    .describe(
      'True: created once with random values, and never changed afterwards. False: you create it, with the label rtc.progressnet.gr/cluster=<cluster>.',
    ),
});

/** See the file comment. */
export const auth = z.object({
  clients: mapList(client, 'name', 16)
    .min(1)
    .default([{ name: 'mattermost', create: true }])
    .describe('Who may connect. Every pod loads them, so that a replaced pod knows its clients.'),
});
