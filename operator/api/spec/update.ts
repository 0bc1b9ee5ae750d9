/** `spec.update`: how running pods are replaced by pods of a newer revision. */
import { z } from 'zod';
import { type CelRule, label, mapList, seconds, withRules } from '../shared.ts';
import { recurrence } from './recurrence.ts';

/** Rules over `spec.update`. */
export const updateRules: readonly CelRule[] = [
  {
    rule: "self.maxSurge == 0 || self.strategy == 'Surge'",
    message:
      'update.maxSurge needs update.strategy Surge, whose new pods stand on nodes of their own: set update.strategy: Surge, or update.maxSurge: 0',
  },
  {
    rule: 'self.maxUnavailable > 0 || self.maxSurge > 0',
    message:
      'update.maxUnavailable and update.maxSurge are both 0, and no pod could ever be replaced: set update.maxUnavailable: 1, or update.strategy: Surge with update.maxSurge: 1',
  },
];

const window = z.object({
  name: label().describe('Named in status, events and messages.'),
  ...recurrence({
    begins:
      'When it opens: minute, hour, day of the month, month, day of the week. "0 22 * * *" is every night at ten.',
    lasts: 'How long it stays open, in seconds.',
  }),
});

const canary = z.object({
  pods: z
    .int()
    .min(0)
    .max(1)
    .default(1)
    .describe('1: one pod of a new revision is tried before there is a second. 0: none is.'),
  bakeSeconds: seconds()
    .default(1800)
    .describe('How long that pod must have been in DNS, without a break, before others follow.'),
});

/** See the file comment. */
export const update = withRules(
  z.object({
    strategy: z
      .enum(['InPlaceDrain', 'Surge', 'OnDelete'])
      .default('InPlaceDrain')
      .describe(
        'InPlaceDrain: a pod is drained, and a new one takes its node; only when the others can carry the load, else one is added on a spare node first. Surge: new pods are added on spare nodes, then old ones drained. OnDelete: a pod is renewed when somebody deletes or drains it. A drained pod waits for its calls, as drain says for reason Rollout.',
      ),
    maxUnavailable: z
      .int()
      .min(0)
      .max(1000)
      .default(1)
      .describe('How many of the wanted pods may be out of DNS at a time for a rollout.'),
    maxSurge: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .describe('How many pods there may be beyond the wanted ones. Needs strategy Surge and spare nodes.'),
    paused: z
      .boolean()
      .default(false)
      .describe('True: no further pod is replaced. A drain that has begun goes on; setting false resumes.'),
    canary: canary.prefault({}).describe('The trial of a new revision.'),
    progressDeadlineSeconds: seconds()
      .min(10)
      .default(900)
      .describe(
        'How long a new pod may take to be published, from when it has a node; the drain of the pod before it does not count. Then the revision has failed. Also how long one may wait for a node where none is free: then Progressing is False and nothing is rolled back.',
      ),
    onFailure: z
      .enum(['Rollback', 'Pause'])
      .default('Rollback')
      .describe(
        'What becomes of a revision that has failed. Rollback: pods of the last good revision take its place again, at any time of day. Pause: it stays as it is, no further pod is replaced.',
      ),
    windows: mapList(window, 'name', 32)
      .default([])
      .describe(
        'When pods may begin to be replaced. Empty: always. What has begun goes on after the end of the window; a rollback does not wait for one.',
      ),
  }),
  updateRules,
);
