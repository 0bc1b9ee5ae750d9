import { describe, expect, test } from '@jest/globals';
import { structural, type CrdSchema } from '../../../operator/api/structural.ts';
import type { RtcCluster } from '../../../operator/api/rtccluster.ts';
import { specSchema } from '../../../operator/api/rtcclusterSpec.ts';
import {
  clusterWith,
  defaultImageChange,
  revisionInputs,
  type RevisionInputs,
} from '../../../operator/desired/revision.ts';
import { podTemplate, type PodTemplate } from '../../../operator/desired/sfuPod.ts';
import { aCluster } from '../../support/rtcclusters.ts';

type Spec = Readonly<Record<string, unknown>>;

const revision = (spec: Spec, image = 'sfu:1'): string => podTemplate(aCluster(spec), image).revision;

const everything = {
  engine: {
    image: 'registry.example.com/sfu:1.4.2',
    imagePullPolicy: 'Always',
    imagePullSecrets: [{ name: 'registry' }],
    workers: 2,
  },
  network: { apiPort: 9443, media: { udpPort: 9045, tcpPort: 9046 } },
  auth: {
    clients: [
      { name: 'one', secretName: 'own' },
      { name: 'two', create: false },
    ],
  },
  tls: { api: { mode: 'Secret', secretName: 'certificate' } },
  placement: {
    nodeSelector: { pool: 'media' },
    tolerations: [{ key: 'media', operator: 'Exists' }],
    zoneSpread: 'None',
    priorityClassName: 'media',
  },
  resources: { requests: { cpu: 3 }, limits: { memory: '4Gi' } },
  podMetadata: { labels: { team: 'rtc' }, annotations: { note: 'calls' } },
};

describe('the revision of a spec', () => {
  /** Fixed for ever: each that changes restarts every SFU pod of everybody who upgrades the operator. */
  test.each([
    ['minimal', {}, '5784828d'],
    ['everything', everything, 'afbcb590'],
  ])('is the same in every version of the operator: %s', (_, spec, expected) => {
    expect(revision(spec)).toBe(expected);
  });

  test('knows nothing of what we make of it', () => {
    const { spec, annotations } = podTemplate(aCluster(), 'sfu:1');
    const all = JSON.stringify(revisionInputs(aCluster(), 'sfu:1'));
    expect(all).toBe('{"image":"sfu:1","fields":{}}');
    expect([Object.keys(spec).length, Object.keys(annotations).length]).not.toContain(0);
  });

  test.each<[string, Spec]>([
    ['the number of pods', { replicas: 5 }],
    ['the publish gate', { engine: { minimumVersion: '1.0.0' } }],
    ['how a pod is drained', { drain: { timeoutSeconds: 60, propagationSeconds: 1 } }],
    [
      'what is written out and is the default all the same',
      { engine: { workers: 1 }, network: { apiPort: 8443 } },
    ],
  ])('stays when only %s changes', (_, spec) => {
    expect(revision(spec)).toBe(revision({}));
  });

  test.each(
    Object.entries(everything).flatMap(([section, fields]) =>
      Object.entries<unknown>(fields).map(([field, value]): [string, Spec] => [
        `${section}.${field}`,
        { [section]: { [field]: value } },
      ]),
    ),
  )('changes with %s', (_, spec) => {
    expect(revision(spec)).not.toBe(revision({}));
  });
});

describe('a field of the spec that changes the pod', () => {
  /** What the pod would be, but for the revision itself. */
  const made = (spec: Spec): string => {
    const { labels, ...rest } = podTemplate(aCluster(spec), 'sfu:1');
    return JSON.stringify([
      { ...rest, revision: '' },
      { ...labels, 'rtc.progressnet.gr/revision': '' },
    ]);
  };
  const changing = leaves(structural(specSchema)).filter(({ spec }) => made(spec) !== made({}));
  /** Only says how a pod is drained, and cannot be switched where it matters. */
  const exempt = ['drain.timeoutSeconds', 'tls.api.mode'];

  test.each(changing.filter(({ path }) => !exempt.includes(path)))(
    'changes the revision: $path',
    ({ spec }) => {
      expect(revision(spec)).not.toBe(revision({}));
    },
  );

  test('is one of those that we know to change it', () => {
    expect(changing.map(({ path }) => path)).toEqual(expect.arrayContaining(['engine.workers', ...exempt]));
  });
});

describe('pods of an earlier revision', () => {
  test('can be made again, whatever the spec says by now', () => {
    const before = aCluster(everything);
    const inputs = JSON.parse(JSON.stringify(revisionInputs(before, 'sfu:1'))) as RevisionInputs;
    const now = { ...aCluster({ engine: { image: 'sfu:2' }, podMetadata: { labels: { a: 'b' } } }).spec };
    const again = clusterWith({ ...before, spec: { ...now, tls: before.spec.tls } }, inputs);
    expect(podTemplate(again, 'sfu:3')).toEqual(podTemplate(before, 'sfu:1'));
  });
});

describe('STUN servers among the sources of addresses', () => {
  const asking = aCluster({ network: { address: { sources: [{ type: 'STUN', urls: ['stun:a'] }] } } });
  const inputs = revisionInputs(asking, 'sfu:1');

  test('are part of the revision, the other sources are not', () => {
    expect(inputs.fields).toEqual({ 'network.address.sources.STUN': ['stun:a'] });
    const others = { network: { address: { sources: [{ type: 'ConfigMap', name: 'a' }] } } };
    expect(revision(others)).toBe(revision({}));
  });

  test('are asked again by pods of an earlier revision, or not, whatever the spec says by now', () => {
    const plain = aCluster();
    expect(podTemplate(clusterWith(plain, inputs), 'sfu:1')).toEqual(podTemplate(asking, 'sfu:1'));
    const before = revisionInputs(plain, 'sfu:1');
    expect(podTemplate(clusterWith(asking, before), 'sfu:1')).toEqual(podTemplate(plain, 'sfu:1'));
  });
});

describe('a cluster without engine.image', () => {
  const first = { annotations: { 'rtc.progressnet.gr/default-image': 'sfu:1' } };
  const own = { engine: { image: 'own' } };
  const template = (metadata: Partial<RtcCluster['metadata']>, image: string): PodTemplate =>
    podTemplate(aCluster({}, metadata), image);

  test('keeps the image it was first given when the operator brings another', () => {
    expect(template(first, 'sfu:2')).toEqual(template({}, 'sfu:1'));
  });

  test.each([
    { what: 'is given one', spec: {}, metadata: {}, expected: 'sfu:2' },
    { what: 'is left with it', spec: {}, metadata: first, expected: undefined },
    { what: 'that has its own by now forgets it', spec: own, metadata: first, expected: null },
    { what: 'that has its own needs none', spec: own, metadata: {}, expected: undefined },
  ])('$what', ({ spec, metadata, expected }) => {
    expect(defaultImageChange(aCluster(spec, metadata), 'sfu:2')).toBe(expected);
  });
});

/** Every field of a schema, with a spec where it has another value than its default; without those that we find none for. */
function leaves(schema: CrdSchema, path: readonly string[] = []): { path: string; spec: Spec }[] {
  if (schema.properties !== undefined)
    return Object.entries(schema.properties).flatMap(([name, child]) => leaves(child, [...path, name]));
  return otherValues(schema).flatMap((value) => {
    const spec = path.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Spec;
    return specSchema.safeParse(spec).success ? [{ path: path.join('.'), spec }] : [];
  });
}

function otherValues({ type, default: usual, ...schema }: CrdSchema): unknown[] {
  if (schema['enum'] !== undefined) return (schema['enum'] as unknown[]).filter((value) => value !== usual);
  switch (type) {
    case 'integer':
      return [Number(usual ?? 0) + 1];
    case 'boolean':
      return [usual !== true];
    case 'string':
      return ['other', '9.9.9'];
    case 'object':
      return [{ a: '1' }];
    default:
      return [[{ name: 'other' }], [{ key: 'other' }], ['other']];
  }
}
