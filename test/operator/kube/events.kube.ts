import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { createKubeClient, type KubeClient } from '../../../operator/kube/client.ts';
import { systemClock } from '../../../operator/kube/clock.ts';
import { createEventRecorder, type EventRecorder } from '../../../operator/kube/events.ts';
import { configMaps } from '../../../operator/kube/resources.ts';
import { silentLog } from '../../../operator/ops/logger.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';

let cluster: Cluster;
let client: KubeClient;
let recorder: EventRecorder;
const warnings: string[] = [];

beforeAll(async () => {
  cluster = await startCluster({ nodes: 0 });
  client = createKubeClient({ kubeconfig: cluster.kubeconfig });
  const log = { ...silentLog, warn: (fields: object) => void warnings.push(JSON.stringify(fields)) };
  recorder = createEventRecorder({ kube: client.api(), clock: systemClock, log, instance: 'operator-1' });
}, 300_000);
afterAll(async () => {
  await client.close();
  await cluster.stop();
}, 60_000);

const happening = { type: 'Normal', reason: 'Scaled', action: 'Reconcile', note: 'From 1 to 2' } as const;

async function configMap(name: string): Promise<KubeObject> {
  const metadata = { name, namespace: 'default' };
  return client.api().create(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata });
}

interface SeenEvent {
  readonly reason: string;
  readonly note: string;
  readonly series?: { readonly count: number };
}

async function eventsAbout(name: string): Promise<SeenEvent[]> {
  const about = `--field-selector=regarding.name=${name}`;
  const text = await cluster.kubectl('get', 'events.events.k8s.io', about, '-o', 'json');
  return (JSON.parse(text) as { items: SeenEvent[] }).items;
}

test('what happened is one Event about the object; again, it is the same one with a count', async () => {
  const object = await configMap('told');
  recorder.record(object, happening);
  recorder.record(object, happening);
  recorder.record(object, { ...happening, reason: 'Published', note: 'x'.repeat(3000) });
  await recorder.flush();
  const [scaled, published] = (await eventsAbout('told')).sort((a, b) => b.reason.localeCompare(a.reason));
  expect(scaled).toMatchObject({
    note: 'From 1 to 2',
    series: { count: 2 },
    reportingInstance: 'operator-1',
  });
  expect(published?.note).toHaveLength(1024);
  expect(warnings).toEqual([]);
  expect(await cluster.kubectl('describe', 'configmap', 'told')).toContain('From 1 to 2');
});

test('an Event the server forgot meanwhile is made anew', async () => {
  const object = await configMap('forgotten');
  recorder.record(object, happening);
  await recorder.flush();
  await cluster.kubectl('delete', 'events.events.k8s.io', '--field-selector=regarding.name=forgotten');
  recorder.record(object, happening);
  await recorder.flush();
  expect(await eventsAbout('forgotten')).toMatchObject([{ reason: 'Scaled' }]);
});

test('an Event that cannot be written is in nobody’s way: a warning in the log, no more', async () => {
  const object = await configMap('homeless');
  const metadata = { ...object.metadata, namespace: 'no-such-namespace' };
  recorder.record({ ...object, metadata }, happening);
  await recorder.flush();
  expect(warnings).toEqual([expect.stringContaining('RTC_E_KUBE_NOT_FOUND')]);
});
