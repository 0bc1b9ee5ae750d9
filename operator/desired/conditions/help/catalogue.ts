/** Every condition with its reasons. `docs/conditions.md` is written from this, and a test compares it with the code. */
import type { ConditionHelp, ReasonHelp } from './help.ts';
import { draining, emptying, publishing, turnPublishing } from './pods.ts';
import { progress } from './rollout.ts';
import { scalingHelp } from './scaling.ts';
import { wiringHelp } from './wiring.ts';

/** By type, the summary first. */
export const conditionHelp = {
  Ready: {
    means:
      'all that is needed is well; else it repeats the first of CredentialsSynced, CertificateReady, AddressesResolved, EndpointsPublished and Available that is False, or says what the API server refused',
    well: ['AllPublished', 'RolloutReplaces'],
    passing: ['Deleting'],
    toDo: {
      Paused: 'Remove the annotation that the message names, when you are done.',
      InvalidSpec: 'Correct the field that the message names.',
      NameTaken: 'An object of that name is not ours: delete it, or choose another name in the spec.',
      NamespaceMissing: 'Create the namespace, or take it out of `binding.namespaces`.',
      Forbidden: 'The API server says why: mostly rights, or a quota.',
      Invalid: 'The API server says which field it does not take.',
      Refused: 'The API server says why.',
    },
    also: 'PodSecurityCompatible',
  },
  Available: {
    means: 'at least `discovery.minPublished` pods are in DNS',
    well: ['MinimumPublished'],
    toDo: { BelowMinimum: 'See EndpointsPublished.' },
  },
  EndpointsPublished: {
    means: 'as many pods as are wanted are in DNS',
    well: ['AllPublished', 'RolloutReplaces'],
    also: 'pods that are not in DNS',
  },
  Progressing: {
    means: 'something is under way, or is left to do',
    isAbnormal: true,
    ...progress,
    also: 'pods that drain',
  },
  Draining: {
    means: 'a pod is being emptied, or waits to be',
    isAbnormal: true,
    well: ['NothingDrains'],
    toDo: { UnknownRequest: 'Write `Cordoned` or `Draining` into the annotation, or remove it.' },
    also: 'reasons of a drain, or why one is held',
  },
  ...wiringHelp,
  ...scalingHelp,
  ImageCurrent: {
    means: 'pods run the image of `engine.image`, or the operator’s own',
    well: ['EngineImage', 'OperatorsImage'],
    toDo: { OperatorHasAnother: 'Take it with the command in the message, when it suits you.' },
  },
  EngineLimited: {
    means: 'a stock rtcd lacks what the message lists; absent for our own SFU',
    isAbnormal: true,
    well: ['StockRtcd'],
  },
  ReconciliationPaused: {
    means: 'somebody has asked the operator to change nothing',
    isAbnormal: true,
    well: ['NotPaused'],
    toDo: { Paused: 'Remove the annotation that the message names, when you are done.' },
  },
} satisfies Readonly<Record<string, ConditionHelp>>;

/** The types of our conditions. */
export type ConditionType = keyof typeof conditionHelp;

/** Reasons of pods, under the heading that people read. */
export const podReasons: Readonly<Record<string, ReasonHelp>> = {
  'Pods that are not in DNS': publishing,
  'TURN servers that are not published': turnPublishing,
  'Reasons of a drain': draining,
  'How far a drain is, or why it is held': emptying,
};
