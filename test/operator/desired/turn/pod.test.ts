import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { turnPod } from '../../../../operator/desired/turn/pod.ts';
import { turnConfigMap } from '../../../../operator/desired/turn/settings.ts';
import { expectGolden } from '../../../support/golden.ts';
import { aTurnServer } from '../../../support/turnservers.ts';

const everything = {
  image: 'registry.example.com/coturn@sha256:0123',
  imagePullPolicy: 'Always',
  imagePullSecrets: [{ name: 'registry' }],
  placement: {
    nodeSelector: { pool: 'edge' },
    tolerations: [{ key: 'edge', operator: 'Exists', effect: 'NoSchedule' }],
    zoneSpread: 'Required',
    priorityClassName: 'media',
  },
  network: {
    mode: 'LoadBalancer',
    ports: { udp: 4478, tcp: 4478, tls: 6349, dtls: 6349 },
    relayPorts: { min: 40_000, max: 45_000 },
  },
  auth: { secretName: 'own-secret' },
  tls: { mode: 'Secret', secretName: 'own-tls' },
  peers: { default: 'DenyPrivate' },
  limits: {
    allocationsPerUser: 0,
    allocationsTotal: 0,
    mbitPerSession: 0,
    unauthenticatedRatePerSecond: 0,
  },
  drain: { minAllocations: 2, timeoutSeconds: 3600 },
  realm: 'own.example.com',
};

function rendered(spec: Readonly<Record<string, unknown>>): string {
  const server = aTurnServer(spec);
  const options = { operatorsImage: 'localhost/rtc-operator:dev', revision: 'r1' };
  return [turnConfigMap(server), turnPod(server, 0, options)]
    .map((object) => stringify(object, { lineWidth: 0, singleQuote: true, aliasDuplicateObjects: false }))
    .join('---\n');
}

describe('the pod of a TurnServer, with its settings', () => {
  test.each([
    ['minimal', {}],
    ['everything', everything],
  ])('is what the golden file says: %s', (name, spec) => {
    expectGolden(join(import.meta.dirname, 'golden', `${name}.yaml`), rendered(spec));
  });

  test('holds no secret, and none is mounted where coturn or a shell in it could read it', () => {
    const { containers } = turnPod(aTurnServer(), 0, {
      operatorsImage: 'o',
      revision: 'r',
    })['spec'] as { containers: readonly { volumeMounts: readonly { name: string }[] }[] };
    expect(containers[0]?.volumeMounts.map(({ name }) => name)).toEqual(['run']);
  });
});
