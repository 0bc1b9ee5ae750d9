/** `TurnServer.spec.auth`: the secret that credentials are made with, and its rotation. */
import { z } from 'zod';
import { type CelRule, objectName, withRules } from '../../shared.ts';

/** Rules over `spec.auth` of a TurnServer. */
export const turnAuthRules: readonly CelRule[] = [
  {
    rule: 'self.credentialTTLSeconds % 60 == 0',
    message:
      'auth.credentialTTLSeconds must be whole minutes, because the Calls plugin counts in minutes: use a multiple of 60, such as 14400',
  },
];

/** Rules over `spec.auth.rotation`. */
export const rotationRules: readonly CelRule[] = [
  {
    rule: 'self.intervalSeconds == 0 || self.intervalSeconds >= 86400',
    message:
      'auth.rotation.intervalSeconds: use 0 to rotate only by hand, or at least 86400 (a day), because a rotation takes as long as credentials live and Mattermost needs to be restarted',
  },
];

const rotation = withRules(
  z.object({
    intervalSeconds: z
      .int()
      .min(0)
      .max(31_536_000)
      .default(0)
      .describe(
        'How old a secret gets before the next one is made. 0 (default): never by itself, only when somebody sets the annotation rtc.progressnet.gr/turn-rotate of the TurnServer to a new value. 2592000 is 30 days.',
      ),
    overlap: z
      .enum(['Automatic', 'Acknowledged'])
      .default('Automatic')
      .describe(
        'When the old secret is retired; never before the last credential made with it has expired. Automatic: when every pod that uses the Secret with the new one was started since the switch, or somebody has said that all consumers have it (annotation rtc.progressnet.gr/turn-ack). Acknowledged: only when somebody has said so.',
      ),
  }),
  rotationRules,
);

/** See the file comment. */
export const turnAuth = withRules(
  z.object({
    secretName: objectName()
      .optional()
      .describe(
        'Secret with the key secret, and during a rotation next or previous. Created when absent; one of your own needs the label rtc.progressnet.gr/turnserver=<name>. Default: <name>-turn.',
      ),
    credentialTTLSeconds: z
      .int()
      .min(300)
      .max(604_800)
      .default(14_400)
      .describe(
        'How long a credential can be used to begin a call; a call that has begun goes on. Told to the Calls plugin. Default: the 240 minutes of the Calls plugin.',
      ),
    rotation: rotation.prefault({}).describe('How the secret is replaced without a failed call.'),
  }),
  turnAuthRules,
);
