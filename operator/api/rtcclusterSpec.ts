/** `RTCCluster.spec`: only what the operator implements, complete in shape for that. One file per section in `spec/`. */
import { z } from 'zod';
import { specRules } from './rules.ts';
import { resourcesSchema, withRules } from './shared.ts';
import { auth } from './spec/auth.ts';
import { binding } from './spec/binding.ts';
import { discovery } from './spec/discovery.ts';
import { disruption } from './spec/disruption.ts';
import { drain } from './spec/drain.ts';
import { engine } from './spec/engine.ts';
import { network } from './spec/network.ts';
import { placement } from './spec/placement.ts';
import { podMetadata } from './spec/podMetadata.ts';
import { scaling } from './spec/scaling.ts';
import { tls } from './spec/tls.ts';
import { turnUse } from './spec/turnUse.ts';
import { update } from './spec/update.ts';

/** See the file comment. */
export const specSchema = withRules(
  z.object({
    engine: engine.prefault({}).describe('What the pods run.'),
    replicas: z
      .int()
      .min(0)
      .max(1000)
      .optional()
      .describe('Number of serving SFU pods in scaling.mode Manual and External; absent in Auto.'),
    scaling: scaling.prefault({}).describe('Who decides the number of pods.'),
    drain: drain.prefault({}).describe('How a pod is emptied before it goes.'),
    update: update.prefault({}).describe('How pods are replaced by pods of a newer revision.'),
    network: network.prefault({}).describe('Ports and addresses. Pods use the network of their node.'),
    discovery: discovery.prefault({}).describe('How Mattermost finds the pods.'),
    auth: auth.prefault({}).describe('Who may connect.'),
    binding: binding.prefault({}).describe('What a Mattermost needs to use this cluster, as one Secret.'),
    tls: tls.prefault({}).describe('Encryption of the API.'),
    turn: turnUse.prefault({}).describe('TURN servers, for clients whose network lets no media through.'),
    placement: placement.prefault({}).describe('Which nodes carry SFU pods.'),
    resources: resourcesSchema.prefault({}).describe('CPU and memory of one SFU pod.'),
    podMetadata: podMetadata.prefault({}).describe('Extra labels and annotations of the SFU pods.'),
    disruption: disruption.prefault({}).describe('How calls are kept from node maintenance.'),
    deletionPolicy: z
      .enum(['Drain', 'Immediate'])
      .default('Drain')
      .describe(
        'What deleting this object does. Drain: it stays until the last call has ended, or its deadline has come (drain.overrides, reason Deletion). Immediate: pods are deleted at once; each still has its terminationGracePeriodSeconds for its calls, the longest time in spec.drain.',
      ),
  }),
  specRules,
);
