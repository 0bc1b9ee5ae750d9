/** `TurnServer.spec`: only what the operator implements. One file per group of sections in `spec/turn/`. */
import { z } from 'zod';
import { atomicList, type CelRule, objectName, quantity, withRules } from './shared.ts';
import { turnAuth } from './spec/turn/auth.ts';
import { turnDisruption, turnDrain, turnPlacement, turnUpdate } from './spec/turn/lifecycle.ts';
import { turnLimits } from './spec/turn/limits.ts';
import { turnNetwork } from './spec/turn/network.ts';
import { turnPeers } from './spec/turn/peers.ts';
import { publish, turnTls } from './spec/turn/publish.ts';

/** Rules over `TurnServer` as a whole. */
export const turnObjectRules: readonly CelRule[] = [
  {
    rule: "self.metadata.name.matches('^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$')",
    message:
      'metadata.name becomes part of Service and pod names: use at most 45 characters a-z, 0-9 and -, beginning with a letter',
  },
];

/** Rules over the whole spec of a TurnServer. */
export const turnSpecRules: readonly CelRule[] = [
  {
    rule: "self.tls.mode == 'Disabled' || has(self.network.serverName)",
    message:
      'tls needs network.serverName, the name that browsers check the certificate against: set network.serverName, such as turn.example.com',
  },
  {
    // Over DTLS alone nobody could see which certificate is served, nor whether a renewed one was taken up.
    rule: "self.tls.mode == 'Disabled' || self.network.ports.tls > 0",
    message:
      'tls.mode asks for a certificate, but network.ports.tls, where it is tried, is 0: set network.ports.tls to 5349, or tls.mode to Disabled',
  },
  {
    rule: 'self.limits.allocationsTotal <= self.network.relayPorts.max - self.network.relayPorts.min + 1',
    message:
      'limits.allocationsTotal must not exceed the number of network.relayPorts, because each allocation takes one: lower limits.allocationsTotal, or widen network.relayPorts',
  },
  {
    rule: 'self.limits.allocationsTotal == 0 || self.limits.allocationsPerUser <= self.limits.allocationsTotal',
    message:
      'limits.allocationsPerUser must not exceed limits.allocationsTotal: lower limits.allocationsPerUser, or raise limits.allocationsTotal',
  },
];

const resources = z.object({
  requests: z
    .record(z.string(), quantity)
    .default({ cpu: '100m', memory: '256Mi' })
    .describe(
      'What the scheduler sets aside for one coturn. The memory is also the limit, unless there is one: then a node that runs short of memory evicts others first.',
    ),
  limits: z
    .record(z.string(), quantity)
    .optional()
    .describe('What one coturn may use at most. A CPU limit throttles media and is heard as stutter.'),
});

/** See the file comment. */
export const turnSpecSchema = withRules(
  z.object({
    image: z
      .string()
      .min(1)
      .max(1024)
      .default('coturn/coturn:4.18.0-r0')
      .describe(
        'Image of coturn. 4.17.0 and 4.17.1 are refused: what they send by UDP gets no further than one router.',
      ),
    imagePullPolicy: z
      .enum(['Always', 'IfNotPresent', 'Never'])
      .default('IfNotPresent')
      .describe('When the node pulls the image.'),
    imagePullSecrets: atomicList(z.object({ name: objectName().describe('Name of the Secret.') }), 8)
      .optional()
      .describe('Secrets with registry credentials, in the namespace of the TurnServer.'),
    placement: turnPlacement.prefault({}).describe('How many TURN servers there are, and on which nodes.'),
    network: turnNetwork.prefault({}).describe('Ports and addresses.'),
    realm: z
      .string()
      .max(127)
      .regex(/^[A-Za-z0-9]([-A-Za-z0-9._]*[A-Za-z0-9])?$/)
      .optional()
      .describe(
        'The realm of the credentials, often the domain. Default: network.serverName, else the name of this object.',
      ),
    auth: turnAuth.prefault({}).describe('The secret that credentials are made with.'),
    tls: turnTls
      .prefault({})
      .describe('Encryption between client and TURN server. Media is always encrypted.'),
    peers: turnPeers.prefault({}).describe('Whom the TURN servers relay to. Nobody, unless you say so here.'),
    limits: turnLimits.prefault({}).describe('Limits against abuse.'),
    drain: turnDrain.prefault({}).describe('How a pod is emptied before it goes.'),
    update: turnUpdate.prefault({}).describe('How pods are replaced by pods of a newer revision.'),
    disruption: turnDisruption.prefault({}).describe('How calls are kept from node maintenance.'),
    publish: publish.prefault({}).describe('Where clients and Mattermost find the TURN servers.'),
    resources: resources.prefault({}).describe('CPU and memory of coturn in each pod.'),
    deletionPolicy: z
      .enum(['Drain', 'Immediate'])
      .default('Drain')
      .describe(
        'What deleting this object does. Drain: it stays until the last allocation has ended, or the deadline of drain has come. Immediate: pods are deleted at once; each still has its terminationGracePeriodSeconds.',
      ),
  }),
  turnSpecRules,
);
