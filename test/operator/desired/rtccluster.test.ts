import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { desiredChildren } from '../../../operator/desired/rtccluster.ts';
import { podTemplate, sfuPod } from '../../../operator/desired/sfuPod.ts';
import { turnUseOf } from '../../../operator/desired/turnUse.ts';
import { turnVariables } from '../../../operator/turn/iceServers.ts';
import { expectGolden } from '../../support/golden.ts';
import { aCluster } from '../../support/rtcclusters.ts';
import { aTurnServer } from '../../support/turnservers.ts';

const credentials = {
  adminKey: 'admin-key',
  clients: { mattermost: { clientID: 'client-id', authKey: 'auth-key' } },
  problems: [],
};
const context = { credentials, clusterDomain: 'cluster.local', canIssue: true };

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
  turn: { turnServerName: 'edge' },
  placement: {
    nodeSelector: { pool: 'media' },
    tolerations: [{ key: 'media', operator: 'Exists', effect: 'NoSchedule' }],
    zoneSpread: 'Required',
    priorityClassName: 'media',
  },
  resources: { requests: { cpu: 3, memory: '4Gi' }, limits: { memory: '4Gi' } },
  podMetadata: { labels: { team: 'rtc' }, annotations: { note: 'calls' } },
  disruption: { budget: 'All' },
  tls: { api: { mode: 'CertManager', issuerRef: { name: 'internal', kind: 'ClusterIssuer' } } },
};

const turn = turnUseOf(aCluster(everything), {
  availability: 'Served',
  server: aTurnServer(),
  secrets: {
    'edge-ice-servers': Object.fromEntries(
      Object.entries(
        turnVariables(aTurnServer().spec, { secret: 'shared', uris: ['turn:192.0.2.1:3478?transport=udp'] }),
      ).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
    ),
  },
});

/** All objects of a cluster as one YAML text. */
function rendered(spec: Readonly<Record<string, unknown>>): string {
  const cluster = aCluster(spec);
  const { createOnce, kept } = desiredChildren(cluster, {
    ...context,
    ...(cluster.spec.turn.turnServerName !== undefined && turn && { turn }),
  });
  const pod = sfuPod(cluster, { template: podTemplate(cluster, 'localhost/rtc-sfu:dev'), index: 0 });
  return [...createOnce, ...kept, pod]
    .map((object) => stringify(object, { lineWidth: 0, singleQuote: true }))
    .join('---\n');
}

describe('the children of an RTCCluster', () => {
  test.each([
    ['minimal', {}],
    ['everything', everything],
    ['rtcd', { engine: { type: 'Rtcd', image: 'mattermost/rtcd:v1.2.6' } }],
  ])('are what the golden file says: %s', (name, spec) => {
    expectGolden(join(import.meta.dirname, 'golden', `${name}.yaml`), rendered(spec));
  });

  test('are the same however often they are built', () => {
    expect(rendered(everything)).toBe(rendered(everything));
  });

  test('have no budget when it is switched off', () => {
    expect(rendered({ disruption: { budget: 'None' } })).not.toContain('PodDisruptionBudget');
  });

  const binding = (of: Partial<typeof context & { ca: string }>, spec = {}): Record<string, string> => {
    const { kept } = desiredChildren(aCluster(spec), { ...context, ...of });
    const { data } = kept.find(({ kind }) => kind === 'Secret') as unknown as {
      data: Record<string, string>;
    };
    return Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]),
    );
  };

  test('tell Mattermost of a private authority, beside those it knows', () => {
    const tls = { api: { mode: 'Secret', secretName: 'own' } };
    expect(binding({ ca: 'the authority' }, { tls })).toMatchObject({
      MM_CALLS_RTCD_SERVICE_URL: 'https://calls-rtcd.mattermost.svc.cluster.local:8443',
      SSL_CERT_DIR: '/etc/ssl/certs:/etc/pki/tls/certs:/etc/rtc-ca',
      'ca.crt': 'the authority',
    });
    expect(Object.keys(binding({}, { tls }))).not.toContain('SSL_CERT_DIR');
  });

  test('have no Certificate where cert-manager cannot be asked', () => {
    const { kept } = desiredChildren(aCluster(everything), { ...context, canIssue: false });
    expect(kept.map(({ kind }) => kind)).not.toContain('Certificate');
  });

  test('have no binding while the first client is unknown', () => {
    const unknown = { ...context, credentials: { ...credentials, clients: {} } };
    const kinds = desiredChildren(aCluster(), unknown).kept.map(({ kind }) => kind);
    expect(kinds).toEqual(['ConfigMap', 'Service', 'PodDisruptionBudget']);
  });
});
