/** Conditions of a TurnServer. Those that mean the same as of an RTCCluster refer to it. */
import type { ConditionHelp } from './help.ts';
import { progress } from './rollout.ts';

/** By type, the summary first. */
export const turnConditionHelp = {
  Ready: {
    means:
      'all that is needed is well; else it repeats the first of SecretsSynced, CertificateReady, PeersSynced, AddressesResolved, EndpointsPublished and Available that is False (before these VersionSupported, when the version is refused), or says what the API server refused',
    well: ['AllPublished', 'RolloutReplaces'],
    passing: ['Deleting'],
    toDo: {
      NotReadable: 'Give the operator the rights of its chart back; the message says which it lacks.',
    },
    also: 'Ready of an RTCCluster, and PodSecurityCompatible',
  },
  Available: {
    means: 'clients are sent to at least one TURN server',
    well: ['MinimumPublished'],
    toDo: { BelowMinimum: 'See EndpointsPublished.' },
  },
  EndpointsPublished: {
    means: 'clients are sent to as many TURN servers as are wanted',
    well: ['AllPublished', 'RolloutReplaces'],
    passing: ['Creating'],
    also: 'TURN servers that are not published',
  },
  SecretsSynced: {
    means:
      'every published server was seen to take the credentials that are made now; its reason is the stage of the rotation ([turn.md](turn.md#rotation))',
    well: ['SecretInUse', 'SecretRetired', 'NoPodYet'],
    passing: ['SecretDistributing', 'SecretSwitching', 'SecretsOverlap'],
    toDo: {
      PodsSilent: 'See AllocationsObservable.',
      WaitingForConsumers: 'See ConsumersAdopted.',
      SecretMissing: 'Nothing, unless it lasts: then see what Ready says of the Secret.',
      StepNotWritten: 'See the message: a rotation goes on when what keeps it from being written is gone.',
      SecretNotTaken:
        'The message says why for each pod: mostly a port that the operator does not reach, or an agent that cannot read the Secret.',
    },
  },
  ConsumersAdopted: {
    means: 'no Mattermost makes credentials with an old secret any more',
    well: ['NothingToAdopt', 'SecretsOverlap'],
    toDo: {
      WaitingForConsumers:
        'Restart the pods that the message names. For a Mattermost elsewhere: give it the new secret, restart it, then write the annotation that the message names.',
    },
  },
  CertificateReady: {
    means: 'there is a usable certificate, and a handshake with each coturn showed it; absent without `tls`',
    well: ['NoPodYet'],
    toDo: {
      NotLoaded: 'Nothing, unless it lasts: then see the log of the container `agent`.',
      NotSeen:
        'Nothing while the pod starts or drains. Else see AllocationsObservable, and the log of the container `agent`.',
    },
    also: 'CertificateReady of an RTCCluster',
  },
  PeersSynced: {
    means:
      'the servers relay to what `peers.allow` names, and that is enough for the RTCClusters that use them',
    well: ['PeersKnown', 'NoPodYet'],
    passing: ['PeersSpreading'],
    toDo: {
      PodsSilent: 'See AllocationsObservable.',
      RTCClusterMissing: 'Create the RTCCluster, or take its name out of `peers.allow`.',
      UserNotAllowed: 'Add the RTCCluster to `peers.allow`: without that its clients get no media by TURN.',
      PeerRefused: 'Take the entry out of `peers.allow`; the message says why it can be no peer.',
    },
  },
  AddressesResolved: {
    means: 'clients can be told where every server is',
    well: ['PublicAddress', 'PrivateAddress', 'NoNodeYet', 'LoadBalancerAddress'],
    toDo: { LoadBalancerPending: 'See the events of the Service that the message names.' },
    also: 'AddressesResolved of an RTCCluster',
  },
  VersionSupported: {
    means: 'no coturn that runs, or is asked for, has a fault that we know of',
    well: ['VersionSupported'],
    toDo: {
      VersionRefused: 'Use another `image`: pods of this one are not published.',
      VersionOutdated: 'Use a newer `image`, soon; the message names the faults.',
      VersionUnknown: 'Use an image whose tag has all three numbers.',
    },
  },
  Progressing: {
    means: 'something is under way, or is left to do',
    isAbnormal: true,
    ...progress,
    also: 'pods that drain',
  },
  Draining: {
    means: 'a pod is being emptied, or waits to be; coturn cannot take that back',
    isAbnormal: true,
    well: ['NothingDrains'],
    toDo: { UnknownRequest: 'Write `Cordoned` or `Draining` into the annotation, or remove it.' },
    also: 'reasons of a drain, or why one is held',
  },
  ReconciliationPaused: {
    means: 'somebody has asked the operator to change nothing',
    isAbnormal: true,
    well: ['NotPaused'],
    toDo: { Paused: 'Remove the annotation that the message names, when you are done.' },
  },
  AllocationsObservable: {
    means: 'every server says how many allocations it has; one that does not counts as busy',
    well: ['AllAnswer', 'NoPodYet'],
    bearable: ['NoExporter'],
    toDo: {
      NoExporter:
        'Use an image of coturn with the Prometheus exporter, to see how many allocations are left.',
      PodsSilent:
        'See whether the operator reaches port 8446 of the nodes, and the log of the container `agent`.',
    },
  },
  NodesSufficient: {
    means: 'every pod that is wanted has a node, or could have; absent in mode EveryNode',
    also: 'NodesSufficient of an RTCCluster',
  },
  RelayPortsClear: {
    means:
      'no NodePort of a Service takes packets that are meant for the relay; absent behind a load balancer',
    well: ['NoNodePorts'],
    toDo: { NodePortsOverlap: 'Set `network.relayPorts` to a range outside of the NodePorts.' },
  },
  PodSecurityCompatible: {
    means: 'the namespace admits the pods',
    also: 'PodSecurityCompatible of an RTCCluster',
  },
} satisfies Readonly<Record<string, ConditionHelp>>;

/** The types of conditions of a TurnServer. */
export type TurnConditionType = keyof typeof turnConditionHelp;
