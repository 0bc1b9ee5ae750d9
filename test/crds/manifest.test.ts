import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { manifest, template } from '../../crds/manifest.ts';
import { rtcClusterCrd } from '../../operator/api/crd.ts';
import { rtcClusterSchema } from '../../operator/api/rtccluster.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('the generated files', () => {
  test('are up to date', () => {
    const crd = rtcClusterCrd();
    expect(read('crds/rtcclusters.rtc.progressnet.gr.yaml')).toBe(manifest(crd));
    expect(read('charts/rtc-operator/templates/crd-rtcclusters.yaml')).toBe(template(crd));
  });

  test.each(['1.1', '1.2'] as const)('parse back to what they were made from, as YAML %s', (version) => {
    const parsed: unknown = parse(manifest(rtcClusterCrd()), { version });
    expect(parsed).toEqual(JSON.parse(JSON.stringify(rtcClusterCrd())));
  });

  test('a CRD too large to be applied is refused', () => {
    const crd = { ...rtcClusterCrd(), spec: { text: 'x'.repeat(256 * 1024) } };
    expect(() => manifest(crd)).toThrow('rtcclusters.rtc.progressnet.gr exceeds 262144 bytes');
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
