/** `RTCCluster.spec`: only what the operator implements, complete in shape for that. */
import { z } from 'zod';
import {
  atomicList,
  label,
  mapList,
  objectName,
  port,
  resourcesSchema,
  seconds,
  tolerationSchema,
  withRules,
} from './shared.ts';
import { discoveryRules, networkRules, specRules } from './rules.ts';

const engine = z.object({
  type: z.enum(['Mediasoup']).default('Mediasoup').describe('The media server that the pods run.'),
  image: z
    .string()
    .min(1)
    .max(1024)
    .optional()
    .describe("Image of the SFU pods. Absent: the operator's own default (chart value sfu.image)."),
  imagePullPolicy: z
    .enum(['Always', 'IfNotPresent', 'Never'])
    .default('IfNotPresent')
    .describe('When the node pulls the image.'),
  imagePullSecrets: atomicList(z.object({ name: objectName() }), 8)
    .optional()
    .describe('Secrets with registry credentials, in the namespace of the cluster.'),
  minimumVersion: z
    .string()
    .max(64)
    .regex(/^[0-9]+\.[0-9]+\.[0-9]+$/)
    .default('0.17.0')
    .describe('A pod that reports a lower version is not published. Default: what the Calls plugin demands.'),
  workers: z
    .int()
    .min(1)
    .max(32)
    .default(1)
    .describe('Media workers per pod, one core each. Worker i listens on the media ports plus i.'),
});

const scaling = z.object({
  mode: z
    .enum(['Manual'])
    .default('Manual')
    .describe('Who decides the number of pods. Manual: spec.replicas, also through kubectl scale.'),
});

const drain = z.object({
  propagationSeconds: seconds()
    .default(45)
    .describe(
      'How long after leaving DNS a pod may still be given new calls. Default: the 10 s poll of the Calls plugin, a DNS time-to-live of 30 s and some slack.',
    ),
  sessionlessSeconds: seconds()
    .default(15)
    .describe('How long a draining pod must have had no sessions before it is deleted.'),
  timeoutSeconds: seconds()
    .min(30)
    .default(18_000)
    .describe(
      'How long a pod that somebody else deletes (a node drain, kubectl delete) may go on with its calls: its terminationGracePeriodSeconds. The operator itself never deletes a pod with a call.',
    ),
});

const addressSource = z.object({
  type: z
    .enum(['NodeExternalIP', 'NodeInternalIP'])
    .describe('Where the address comes from: the node status entry of this type.'),
});

const address = z.object({
  sources: atomicList(addressSource, 8)
    .min(1)
    .default([{ type: 'NodeExternalIP' }, { type: 'NodeInternalIP' }])
    .describe('Tried in order for each node; the first hit is the address clients are told.'),
  advertise: z
    .enum(['ExternalAndInternal', 'External', 'Internal'])
    .default('ExternalAndInternal')
    .describe('External: only the address found. Internal: only the internal address of the node. Or both.'),
  require: z
    .enum(['Any', 'Public'])
    .default('Any')
    .describe(
      'Public: pods without a public address are not published. Any: they are, and a condition says so.',
    ),
});

const media = z.object({
  udpPort: port().default(8045).describe('UDP port for media on every SFU node. Open it to the clients.'),
  tcpPort: port().default(8045).describe('TCP port for media, for clients whose network blocks UDP.'),
});

const network = withRules(
  z.object({
    apiPort: port()
      .default(8443)
      .describe(
        'TCP port of the API that Mattermost connects to. Ports below 1024 need net.ipv4.ip_unprivileged_port_start on the node.',
      ),
    media: media.prefault({}).describe('Ports that carry voice and screens.'),
    address: address.prefault({}).describe('Which addresses clients are told to send media to.'),
  }),
  networkRules,
);

const discovery = withRules(
  z.object({
    serviceName: label()
      .optional()
      .describe(
        'The headless Service holding exactly the published pods. Default: <name>-rtcd. Cannot be changed.',
      ),
    minPublished: z
      .int()
      .min(1)
      .max(1000)
      .default(1)
      .describe(
        'A drain never leaves fewer published pods than this. Mattermost ignores drains when its DNS name is empty, hence at least 1.',
      ),
  }),
  discoveryRules,
);

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

const auth = z.object({
  clients: mapList(client, 'name', 16)
    .min(1)
    .default([{ name: 'mattermost', create: true }])
    .describe('Who may connect. Every pod loads them, so that a replaced pod knows its clients.'),
});

const binding = z.object({
  secretName: objectName()
    .optional()
    .describe(
      'Secret with the MM_CALLS_* variables that wire a Mattermost to this cluster (envFrom). Default: <name>-mattermost-env. It holds the credentials of the first client.',
    ),
});

const placement = z.object({
  nodeSelector: z
    .record(z.string(), z.string())
    .default({})
    .describe('Labels a node must have to carry an SFU pod. There is at most one pod of a cluster per node.'),
  tolerations: atomicList(tolerationSchema, 32).default([]).describe('Taints that SFU pods bear.'),
  zoneSpread: z
    .enum(['Required', 'Preferred', 'None'])
    .default('Preferred')
    .describe('Whether pods spread over topology.kubernetes.io/zone.'),
  priorityClassName: z.string().max(253).optional().describe('PriorityClass of the SFU pods.'),
});

const disruption = z.object({
  budget: z
    .enum(['BusyOnly', 'All', 'None'])
    .default('BusyOnly')
    .describe('Which pods a PodDisruptionBudget keeps from eviction: those with calls, all, or none.'),
  autoscalerHints: z
    .enum(['Auto', 'Off'])
    .default('Auto')
    .describe('Auto: pods with calls carry the annotations that cluster-autoscaler and Karpenter obey.'),
});

const podMetadata = z.object({
  labels: z.record(z.string(), z.string()).default({}).describe('Labels for the SFU pods.'),
  annotations: z.record(z.string(), z.string()).default({}).describe('Annotations for the SFU pods.'),
});

/** See the file comment. */
export const specSchema = withRules(
  z.object({
    engine: engine.prefault({}).describe('What the pods run.'),
    replicas: z
      .int()
      .min(0)
      .max(1000)
      .optional()
      .describe('Number of serving SFU pods in scaling.mode Manual.'),
    scaling: scaling.prefault({}).describe('Who decides the number of pods.'),
    drain: drain.prefault({}).describe('How a pod is emptied before it goes.'),
    network: network.prefault({}).describe('Ports and addresses. Pods use the network of their node.'),
    discovery: discovery.prefault({}).describe('How Mattermost finds the pods.'),
    auth: auth.prefault({}).describe('Who may connect.'),
    binding: binding.prefault({}).describe('What a Mattermost needs to use this cluster, as one Secret.'),
    placement: placement.prefault({}).describe('Which nodes carry SFU pods.'),
    resources: resourcesSchema.prefault({}).describe('CPU and memory of one SFU pod.'),
    podMetadata: podMetadata.prefault({}).describe('Extra labels and annotations of the SFU pods.'),
    disruption: disruption.prefault({}).describe('How calls are kept from node maintenance.'),
    deletionPolicy: z
      .enum(['Drain', 'Immediate'])
      .default('Drain')
      .describe(
        'What deleting this object does. Drain: it stays until the last call has ended. Immediate: pods are deleted at once; each still has drain.timeoutSeconds for its calls.',
      ),
  }),
  specRules,
);
