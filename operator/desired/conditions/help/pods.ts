/** Reasons of single pods, in `status.members`; conditions about pods repeat the one that needs a person first. */
import type { ReasonHelp } from './help.ts';

/** Why a pod is not in DNS yet, or not any more. */
export const publishing: ReasonHelp = {
  passing: ['Creating', 'Scheduling', 'NotReady', 'NotProbed', 'PodInitializing', 'ContainerCreating'],
  toDo: {
    Unschedulable: 'The scheduler says why: add nodes, free the ports, or lower `resources.requests`.',
    SchedulingGated: 'Somebody has put a scheduling gate on the pod: remove it.',
    ImageUnavailable:
      'Take the change back with `kubectl rtc rollout undo`, or correct `engine.image` or `engine.imagePullSecrets`; or see whether nodes reach the registry.',
    ContainerCrashed: 'Its last words are in the message; `kubectl logs --previous` has the rest.',
    OOMKilled: 'Raise `resources.limits.memory`.',
    CreateContainerConfigError:
      'A Secret or ConfigMap that the pod needs is not there: the message names it.',
    Evicted: 'The node was short of what the message names: give it more, or the pods larger requests.',
    PodEnded: 'Nothing: another pod takes its place. See its logs if it happens again.',
    NodeNotReady: 'See the node. Its calls may go on; another pod serves in its place where a node is free.',
    NoNodeAddress: 'Give the node an address of the kinds in `network.address.sources`.',
    InvalidNodeAddress: 'Correct the value that the message names: `address` or `address:port`.',
    AddressMapMissing: 'Create the ConfigMap of `network.address.sources`, with the label of the cluster.',
    AddressUnknown: 'Nothing, unless it lasts: then see whether the operator may read nodes.',
    AddressNotPublic: 'Give the node an external address, or set `network.address.require: Any`.',
    APINotAnswering: 'See the pod’s logs, and whether the operator reaches `network.apiPort` of its node.',
    VersionUnknown: 'The image of `engine.image` is no SFU of ours, or no rtcd.',
    VersionTooLow: 'Use a newer `engine.image`, or lower `engine.minimumVersion`.',
    ProbeFailed: 'The message names the port: see what closes it on the node itself (docs/probes.md).',
    AddressNotReachable: 'Open the port in the firewall, or correct the address (docs/probes.md).',
    Requested: 'Somebody asked for it by annotation: remove the annotation to take it back.',
  },
};

/** Why clients are not sent to a TURN server; beside the reasons that every pod may have. */
export const turnPublishing: ReasonHelp = {
  passing: ['DrainsForGood', 'NotReady', 'NotTried', 'PreviousSecretMissing'],
  toDo: {
    ImageUnavailable: 'Correct `image`, give `imagePullSecrets`, or see whether nodes reach the registry.',
    AddressUnknown: 'Nothing, unless it lasts: then see whether the operator may read nodes.',
    AddressNotPublic: 'Give the node an external address, or set `network.address.require: Any`.',
    AgentNotAnswering:
      'See the log of the container `agent`, and whether the operator reaches port 8446 of its node.',
    VersionRefused: 'Use another `image`: what this coturn sends by UDP gets no further than one router.',
    SecretMissing: 'Nothing, unless it lasts: then see what Ready says of the Secret.',
    AllocationFailed:
      'The message says what coturn answered: see its log, and whether the operator reaches `network.ports` of the node.',
  },
};

/** Why a pod drains. */
export const draining: ReasonHelp = {
  passing: ['ScaleDown', 'Rollout', 'Deletion', 'SpotInterruption'],
  toDo: {
    Requested: 'Somebody asked for it by annotation: remove the annotation to take it back.',
    NodeDrain: 'The node is cordoned or tainted: `kubectl uncordon` takes it back.',
    AddressChanged: 'Nothing, if the new address is right; the old one takes it back.',
  },
};

/** How far a drain is, or why it has not begun. */
export const emptying: ReasonHelp = {
  passing: ['Propagating', 'Sessionless', 'SessionsActive', 'Drained', 'NeverPublished', 'Terminating'],
  toDo: {
    StillNamed: 'The name of `discovery.external` still leads to the pod: see who keeps its records.',
    SessionsUnknown: 'See why the pod does not answer; until it does, or its deadline comes, it is kept.',
    CallsIdle: 'Nothing: `drain.idleCallSeconds` says that such calls need not be waited for.',
    DeadlineReached:
      'Nothing: its calls were ended at the deadline. Set another in `drain`, for the next time.',
    HeldForReplacement: 'Nothing while a new pod is on its way; else see why it is not published.',
    HeldForCapacity: 'Add a node or raise the number of pods, or wait until the load falls.',
    HeldForMinimum: 'Let more pods be wanted, or add a node for one more; DNS is never left empty.',
    UnknownRequest: 'Write `Cordoned` or `Draining` into the annotation, or remove it.',
  },
};
