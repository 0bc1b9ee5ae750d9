/** Reasons of Progressing. */
import type { ReasonHelp } from './help.ts';

/** Where a rollout stands, or what else is under way. */
export const progress: ReasonHelp = {
  well: ['Settled', 'RolloutPaused', 'OnDelete'],
  passing: [
    ...['RollingOut', 'RollingBack', 'CanaryPending', 'CanaryStarting', 'CanaryBaking'],
    ...['WaitingForSpare', 'WaitingForAvailable', 'ReplacedWithoutSessions', 'Starting'],
  ],
  toDo: {
    WaitingForWindow: 'Wait, or take the window away (`update.windows`).',
    WaitingForNode:
      'Add a node, or allow `update.maxUnavailable`. False once it has lasted `update.progressDeadlineSeconds`.',
    WaitingForNoSessions: 'Wait for a moment without calls on the only node, or add a node.',
    SessionsUnknown: 'See why the pod does not answer.',
    HeldForCapacity:
      'Add a node or raise the number of pods, or wait until the load falls. There is no deadline.',
    HeldForMinimum: 'Add a node, or lower `discovery.minPublished`.',
    Outdated: 'See why the pods that the message names are kept: they drain, are cordoned, or failed.',
    RolledBack: 'Change the spec, or try the revision again with the command in the message.',
    ProgressDeadlineExceeded: 'The message says what keeps the pod out of DNS: mend it, or change the spec.',
    UpdatedPodFailed: 'See the logs of the pod; change the spec.',
    MediaPathsFail:
      'Clients of new pods get no media more often: see ports and addresses, or change the spec.',
    WindowUnreadable: 'Correct `cron` or `timeZone` in `update.windows`.',
    WindowNeverOpens: 'Correct `cron` in `update.windows`: no day fits it.',
  },
};
