/** Conditions about the number of pods, and the nodes for them. */
import type { ConditionHelp } from './help.ts';

/** By type. */
export const scalingHelp = {
  SessionsObservable: {
    means: 'the sessions of every pod are known',
    well: ['AllAnswer'],
    toDo: {
      PodsSilent:
        'See the logs of the pods, and whether the operator reaches their API port. Nothing is scaled down meanwhile.',
    },
  },
  ScalingActive: {
    means: 'the number of pods follows the demand, or whoever writes `spec.replicas`',
    well: ['FollowsDemand', 'External', 'Manual', 'DryRun'],
    toDo: {
      InvalidSchedule: 'Correct the schedule that the message names.',
      MissingMetrics: 'See the pods that the message names: nobody knows their sessions.',
    },
  },
  ScalingLimited: {
    means: 'something that you would have to change keeps the number of pods down or up',
    isAbnormal: true,
    well: ['NotLimited'],
    toDo: {
      MaxPods: 'Raise `scaling.maxPods`.',
      EligibleNodes: 'Add nodes, or widen `placement`.',
      MissingMetrics: 'See the pods that the message names: nobody knows their sessions.',
    },
  },
  CapacitySufficient: {
    means: 'the pods in DNS carry the demand with its headroom',
    well: ['FitsDemand'],
    passing: ['PodsComing', 'Velocity', 'Window', 'MinPodAge', 'Schedule', 'Reservation'],
    toDo: {
      TooFewPods: 'Raise `spec.replicas`, or set `scaling.mode: Auto`.',
      MaxPods: 'Raise `scaling.maxPods`.',
      EligibleNodes: 'Add nodes, or widen `placement`.',
      MissingMetrics: 'See the pods that the message names: nobody knows their sessions.',
    },
  },
  NodesSufficient: {
    means: 'every pod that is wanted has a node, or could have',
    well: ['EnoughNodes'],
    toDo: {
      TooFewNodes: 'Add nodes, or widen `placement`; the message says what is against those that are there.',
      NoNodeForSurge: 'Add nodes, or lower `update.maxSurge`.',
      FewerThanMaxPods: 'Nothing today: `scaling.maxPods` can only be reached with more nodes.',
      NoSpareNode: 'Nothing today: with one more node nobody is short while a node is drained.',
      NodesNotReadable: 'Let the operator list nodes (chart value `rbac.nodes`).',
    },
  },
  NodesTuned: {
    means: 'the kernels of the nodes are set as media needs them',
    well: ['Tuned', 'NotTold'],
    toDo: { SettingsTooSmall: 'Run the command in the message on the nodes that it names.' },
  },
} satisfies Readonly<Record<string, ConditionHelp>>;
