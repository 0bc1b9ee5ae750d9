import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { manifest, template } from '../../crds/manifest.ts';
import { rtcClusterCrd, turnServerCrd } from '../../operator/api/crd.ts';
import { rtcClusterSchema } from '../../operator/api/rtccluster.ts';
import { turnServerSchema } from '../../operator/api/turnserver.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe.each([
  ['rtcclusters', rtcClusterCrd],
  ['turnservers', turnServerCrd],
])('the generated files of %s', (plural, crd) => {
  test('are up to date', () => {
    expect(read(`crds/${plural}.rtc.progressnet.gr.yaml`)).toBe(manifest(crd()));
    expect(read(`charts/rtc-operator/templates/crd-${plural}.yaml`)).toBe(template(crd()));
  });

  test.each(['1.1', '1.2'] as const)('parse back to what they were made from, as YAML %s', (version) => {
    const parsed: unknown = parse(manifest(crd()), { version });
    expect(parsed).toEqual(JSON.parse(JSON.stringify(crd())));
  });

  test('a CRD too large to be applied is refused', () => {
    const large = { ...crd(), spec: { text: 'x'.repeat(256 * 1024) } };
    expect(() => manifest(large)).toThrow(`${plural}.rtc.progressnet.gr exceeds 262144 bytes`);
  });
});

test('the sample is an RTCCluster of two pods and needs no image', () => {
  const sample = parse(read('crds/samples/rtccluster.yaml')) as { metadata: object };
  const metadata = { ...sample.metadata, namespace: 'default', uid: 'uid' };
  const { spec } = rtcClusterSchema.parse({ ...sample, metadata });
  expect(spec).toMatchObject({ replicas: 2, engine: { type: 'Mediasoup' } });
  expect(spec.engine.image).toBeUndefined();
});

test('the sample that scales itself is an RTCCluster without replicas', () => {
  const sample = parse(read('crds/samples/rtccluster-auto.yaml')) as { metadata: object };
  const metadata = { ...sample.metadata, namespace: 'default', uid: 'uid' };
  const { spec } = rtcClusterSchema.parse({ ...sample, metadata });
  expect([spec.replicas, spec.scaling.mode]).toEqual([undefined, 'Auto']);
});

test('the sample with TLS is an RTCCluster, too', () => {
  const sample = parse(read('crds/samples/rtccluster-tls.yaml')) as { metadata: object };
  const metadata = { ...sample.metadata, namespace: 'default', uid: 'uid' };
  const { spec } = rtcClusterSchema.parse({ ...sample, metadata });
  expect(spec.tls.api).toEqual({
    mode: 'CertManager',
    issuerRef: { kind: 'ClusterIssuer', name: 'internal', group: 'cert-manager.io' },
  });
});

test('the sample of a TurnServer is one that relays to a single RTCCluster', () => {
  const sample = parse(read('crds/samples/turnserver.yaml')) as { metadata: object };
  const metadata = { ...sample.metadata, namespace: 'default', uid: 'uid' };
  const { spec } = turnServerSchema.parse({ ...sample, metadata });
  expect(spec.peers).toEqual({ default: 'DenyAll', allow: [{ rtcClusters: { matchNames: ['calls'] } }] });
});
