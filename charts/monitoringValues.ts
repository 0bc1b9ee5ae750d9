/** The values `monitoring.*`: what Prometheus and Grafana of the cluster are given. */
import { z } from 'zod';

const stringMap = (): z.ZodRecord<z.ZodString, z.ZodString> => z.record(z.string(), z.string());

const needsOperator = 'Left out where the API server does not know the kind (monitoring.coreos.com/v1).';

const podMonitors = z
  .strictObject({
    create: z
      .boolean()
      .default(false)
      .describe(
        `PodMonitors for the operator and for SFU pods in every namespace it serves. ${needsOperator}`,
      ),
    labels: stringMap()
      .default({})
      .describe(
        'Labels by which your Prometheus chooses PodMonitors; kube-prometheus-stack wants release: <its release>.',
      ),
    interval: z
      .string()
      .regex(/^[0-9]+(ms|s|m)$/)
      .default('30s')
      .describe('How often pods are asked.'),
    turnServers: z
      .array(z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) }))
      .default([])
      .describe(
        'TurnServers whose coturns are scraped, as {namespace, name}: each gets a PodMonitor in its own namespace, where the Secret with its metrics key is. Only images of coturn with its exporter have metrics.',
      ),
  })
  .prefault({})
  .describe('What is scraped, for the Prometheus operator.');

const rules = z
  .strictObject({
    create: z
      .boolean()
      .default(false)
      .describe(`A PrometheusRule with the alerts of docs/runbooks. ${needsOperator}`),
    labels: stringMap()
      .default({})
      .describe(
        'Labels by which your Prometheus chooses rules; kube-prometheus-stack wants release: <its release>.',
      ),
    runbookBaseUrl: z
      .string()
      .default('')
      .describe('Where the pages of docs/runbooks are, for the links in alerts. Empty: in our repository.'),
  })
  .prefault({})
  .describe('Alerts.');

const dashboards = z
  .strictObject({
    create: z.boolean().default(false).describe('A ConfigMap for each Grafana dashboard.'),
    namespace: z
      .string()
      .default('')
      .describe('Where the sidecar of your Grafana looks. Empty: the namespace of the release.'),
    labels: stringMap()
      .default({ grafana_dashboard: '1' })
      .describe('Labels by which the sidecar finds them.'),
    annotations: stringMap()
      .default({ grafana_folder: 'RTC' })
      .describe(
        'Annotations; the sidecar takes the folder from grafana_folder when its folderAnnotation says so.',
      ),
  })
  .prefault({})
  .describe('Dashboards for Grafana.');

/** See the file comment. */
export const monitoringValues = z
  .strictObject({ podMonitors, rules, dashboards })
  .prefault({})
  .describe('What Prometheus and Grafana are given (docs/monitoring.md).');
