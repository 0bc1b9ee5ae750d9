/**
 * What a user may set, with defaults and help: the one source of values.yaml,
 * values.schema.json and the chart's README table. Closed: an unknown key is an error.
 */
import { z } from 'zod';
import { monitoringValues } from './monitoringValues.ts';

const stringMap = (): z.ZodRecord<z.ZodString, z.ZodString> => z.record(z.string(), z.string());
const anyMap = (): z.ZodRecord<z.ZodString, z.ZodUnknown> => z.record(z.string(), z.unknown());

const imageParts = (repository: string) => ({
  repository: z.string().min(1).default(repository).describe('Where the image is pulled from.'),
  tag: z.string().default('').describe('Empty: the appVersion of this chart.'),
  digest: z
    .string()
    .regex(/^(sha256:[0-9a-f]{64})?$/)
    .default('')
    .describe('sha256:…, wins over the tag.'),
});

/** See the file comment. */
export const valuesSchema = z.strictObject({
  image: z
    .strictObject({
      ...imageParts('ghcr.io/progressnet/rtc-operator'),
      pullPolicy: z
        .enum(['Always', 'IfNotPresent', 'Never'])
        .default('IfNotPresent')
        .describe('When the image is pulled.'),
    })
    .prefault({})
    .describe('Image of the operator.'),
  sfuImage: z
    .strictObject(imageParts('ghcr.io/progressnet/rtc-sfu'))
    .prefault({})
    .describe('Image of the SFU pods of clusters that name none in spec.engine.image.'),
  imagePullSecrets: z
    .array(z.strictObject({ name: z.string().min(1) }))
    .default([])
    .describe(
      "Secrets with registry credentials for the operator's own image. SFU and TURN pods have their own, in their namespace: spec.engine.imagePullSecrets of an RTCCluster, spec.imagePullSecrets of a TurnServer.",
    ),
  replicas: z
    .int()
    .min(1)
    .max(5)
    .default(2)
    .describe('Operator pods. One acts, the others stand by and take over within seconds.'),
  watchNamespaces: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Namespaces whose RTCClusters are served, with a Role in each. Empty: all, with a ClusterRole.',
    ),
  bindingNamespaces: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Namespaces that RTCClusters may copy their binding Secret to (spec.binding.namespaces), with a Role on Secrets in each: where your Mattermosts are.',
    ),
  clusterDomain: z.string().min(1).default('cluster.local').describe('DNS domain of the Kubernetes cluster.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least urgent log lines.'),
  crds: z
    .strictObject({
      install: z
        .boolean()
        .default(true)
        .describe(
          'Install and upgrade the CustomResourceDefinitions. They are kept on uninstall: deleting them deletes every cluster. One release installs them; a second one beside it takes false.',
        ),
    })
    .prefault({})
    .describe('The custom resources.'),
  rbac: z
    .strictObject({
      create: z.boolean().default(true).describe('Create roles and bindings.'),
      nodes: z
        .boolean()
        .default(true)
        .describe(
          'Let the operator list and watch nodes. False: with watchNamespaces no ClusterRole is needed; drains of nodes are not seen, nor that a namespace is being deleted, and of the address sources only ConfigMap, STUN and NodeInternalIP work.',
        ),
      reader: z
        .boolean()
        .default(true)
        .describe(
          'Create the Role -reader, with which people ask the operator why it did something (kubectl rtc why). It reaches every port and log of every pod of the release namespace: give the operator a namespace of its own, or set false. Never made where watchNamespaces names the release namespace.',
        ),
    })
    .prefault({})
    .describe('Rights of the operator.'),
  uninstall: z
    .strictObject({
      release: z
        .boolean()
        .default(true)
        .describe(
          'On helm uninstall a Job lets go of the RTCClusters and TurnServers, so that they can be deleted without an operator; their pods then end their calls within their own grace. Needs rbac.create. False: those left wait for an operator.',
        ),
    })
    .prefault({})
    .describe('What the end of the operator does.'),
  serviceAccount: z
    .strictObject({
      create: z.boolean().default(true).describe('Create the service account.'),
      name: z.string().default('').describe('Empty: the full name of the release.'),
      annotations: stringMap().default({}).describe('Annotations of the service account.'),
    })
    .prefault({})
    .describe('Identity of the operator.'),
  metrics: z
    .strictObject({
      service: z.boolean().default(true).describe('Create a Service for /metrics.'),
      port: z.int().min(1024).max(65535).default(8080).describe('Port of /metrics, /livez and /readyz.'),
    })
    .prefault({})
    .describe('Metrics and health.'),
  monitoring: monitoringValues,
  admissionPolicy: z
    .strictObject({
      create: z
        .boolean()
        .default(false)
        .describe(
          'Refuse the deletion of SFU pods with calls by hand (ValidatingAdmissionPolicy). Kubernetes itself and the operator may; the annotation rtc.progressnet.gr/allow-delete=true on a pod lifts it.',
        ),
      allowedUsers: z
        .array(z.string().min(1))
        .default([])
        .describe('Users that may delete them all the same, such as an autoscaler that does not evict.'),
    })
    .prefault({})
    .describe('Guard against kubectl delete pod.'),
  sfuPriorityClass: z
    .strictObject({
      create: z
        .boolean()
        .default(false)
        .describe('Create a PriorityClass for SFU pods; name it in placement.priorityClassName.'),
      name: z.string().min(1).max(253).default('rtc-sfu').describe('Its name.'),
      value: z
        .int()
        .min(-1_000_000_000)
        .max(1_000_000_000)
        .default(1_000_000)
        .describe(
          'Pods of a lower value are evicted for an SFU pod that finds no room, and never the other way round.',
        ),
    })
    .prefault({})
    .describe('Priority of SFU pods: without one any pod of a higher value may evict them, calls and all.'),
  networkPolicy: z
    .strictObject({
      create: z
        .boolean()
        .default(false)
        .describe('Let nothing but metrics and health reach the operator pods.'),
      metricsFrom: z
        .array(anyMap())
        .default([])
        .describe('Who may, as NetworkPolicyPeers. Empty: everybody.'),
    })
    .prefault({})
    .describe(
      'NetworkPolicy of the operator. There is none for SFU pods: they use the network of their node, where policies do not apply.',
    ),
  resources: anyMap()
    .default({ requests: { cpu: '20m', memory: '96Mi' }, limits: { memory: '384Mi' } })
    .describe('CPU and memory of an operator pod.'),
  nodeSelector: stringMap().default({}).describe('Labels a node must have to carry the operator.'),
  tolerations: z.array(anyMap()).default([]).describe('Taints the operator bears.'),
  affinity: anyMap().default({}).describe('Affinity of the operator pods.'),
  topologySpreadConstraints: z
    .array(anyMap())
    .default([])
    .describe(
      'How the operator pods are spread, with labelSelectors of your own. Empty: over nodes and zones, as far as there are some.',
    ),
  priorityClassName: z.string().default('').describe('PriorityClass of the operator pods.'),
  commonLabels: stringMap()
    .default({})
    .describe(
      'Extra labels of everything that this chart makes but the CustomResourceDefinitions. Those of SFU pods: spec.podMetadata.labels of an RTCCluster.',
    ),
  podLabels: stringMap().default({}).describe('Extra labels of the operator pods.'),
  podAnnotations: stringMap().default({}).describe('Extra annotations of the operator pods.'),
  nameOverride: z.string().max(40).default('').describe('Replaces the name of the chart in names.'),
  fullnameOverride: z.string().max(40).default('').describe('Replaces release and chart name in names.'),
  global: anyMap().default({}).describe('For parent charts; not read.'),
});
