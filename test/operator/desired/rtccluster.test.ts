import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { desiredChildren } from '../../../operator/desired/rtccluster.ts';
import { podTemplate, sfuPod } from '../../../operator/desired/sfuPod.ts';
import { expectGolden } from '../../support/golden.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const credentials = {
  adminKey: 'admin-key',
  clients: { mattermost: { clientID: 'client-id', authKey: 'auth-key' } },
  problems: [],
};
const context = { credentials, clusterDomain: 'cluster.local' };

const everything = {
  replicas: 3,
  engine: {
    image: 'registry.example.com/sfu:1.4.2',
    imagePullPolicy: 'Always',
    imagePullSecrets: [{ name: 'registry' }],
    workers: 2,
  },
  drain: { timeoutSeconds: 3600 },
  network: { apiPort: 9443, media: { udpPort: 9045, tcpPort: 9045 } },
  discovery: { serviceName: 'media' },
  auth: {
    clients: [
      { name: 'mattermost', secretName: 'own-client', create: false },
      { name: 'staging', create: true },
    ],
  },
  binding: { secretName: 'wiring' },
  placement: {
    nodeSelector: { pool: 'media' },
    tolerations: [{ key: 'media', operator: 'Exists', effect: 'NoSchedule' }],
    zoneSpread: 'Required',
    priorityClassName: 'media',
  },
  resources: { requests: { cpu: 3, memory: '4Gi' }, limits: { memory: '4Gi' } },
  podMetadata: { labels: { team: 'rtc' }, annotations: { note: 'calls' } },
  disruption: { budget: 'All' },
};

/** All objects of a cluster as one YAML text. */
function rendered(spec: Readonly<Record<string, unknown>>): string {
  const cluster = aCluster(spec);
  const { createOnce, kept } = desiredChildren(cluster, context);
  const pod = sfuPod(cluster, podTemplate(cluster, 'localhost/rtc-sfu:dev'), 0);
  return [...createOnce, ...kept, pod]
    .map((object) => stringify(object, { lineWidth: 0, singleQuote: true }))
    .join('---\n');
}

describe('the children of an RTCCluster', () => {
  test.each([
    ['minimal', {}],
    ['everything', everything],
  ])('are what the golden file says: %s', (name, spec) => {
    expectGolden(join(import.meta.dirname, 'golden', `${name}.yaml`), rendered(spec));
  });

  test('are the same however often they are built', () => {
    expect(rendered(everything)).toBe(rendered(everything));
  });

  test('have no budget when it is switched off', () => {
    expect(rendered({ disruption: { budget: 'None' } })).not.toContain('PodDisruptionBudget');
  });

  test('have no binding while the first client is unknown', () => {
    const unknown = { ...context, credentials: { ...credentials, clients: {} } };
    const kinds = desiredChildren(aCluster(), unknown).kept.map(({ kind }) => kind);
    expect(kinds).toEqual(['ConfigMap', 'Service', 'PodDisruptionBudget']);
  });
});

describe('the revision of the pod template', () => {
  const revision = (spec: Readonly<Record<string, unknown>>, image = 'a'): string =>
    podTemplate(aCluster(spec), image).revision;

  test.each([
    ['replicas', { replicas: 5 }],
    ['the publish gate', { engine: { minimumVersion: '1.0.0' } }],
    ['the wait of a drain', { drain: { propagationSeconds: 1 } }],
  ])('stays when only %s change', (_, spec) => {
    expect(revision(spec)).toBe(revision({}));
  });

  test.each([
    ['image', { engine: { image: 'b' } }],
    ['port', { network: { apiPort: 9443 } }],
    ['annotation', { podMetadata: { annotations: { a: 'b' } } }],
  ])('changes with the %s', (_, spec) => {
    expect(revision(spec)).not.toBe(revision({}));
  });

  test("changes with the operator's default image", () => {
    expect(revision({}, 'b')).not.toBe(revision({}, 'a'));
  });
});
