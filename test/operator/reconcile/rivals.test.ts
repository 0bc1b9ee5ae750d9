/** RTCClusters that want the same ports of the same nodes. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { sfuPorts } from '../../../operator/desired/ports.ts';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { createRivalWatch, type RivalWatch } from '../../../operator/reconcile/rivalWatch.ts';
import { createFakeClock, type FakeClock } from '../../support/fakeClock.ts';
import { aCluster } from '../../support/rtcclusters.ts';

const cluster = (name: string, spec: object = {}): KubeObject =>
  aCluster({ ...spec }, { name, uid: name }) as unknown as KubeObject;
const node = (name: string, pool = 'media'): KubeObject => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { pool } } },
});

/** A pod of the cluster `owner` that is on a node, or waits for one. */
function pod(owner: string, nodeName?: string, name = `${owner}-sfu-0`): KubeObject {
  const ports = sfuPorts(aCluster()).map(({ port, protocol }) => ({ hostPort: port, protocol }));
  const ownerReferences = [
    { apiVersion: 'v1', kind: 'RTCCluster', name: owner, uid: owner, controller: true },
  ];
  return {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name, uid: name, ownerReferences } },
    spec: { ...(nodeName !== undefined && { nodeName }), containers: [{ name: 'sfu', ports }] },
  };
}

let clock: FakeClock;
let watch: RivalWatch;
let woken: string[];
let clusters: readonly KubeObject[];
beforeEach(() => {
  clock = createFakeClock();
  woken = [];
  clusters = [cluster('calls'), cluster('other')];
  const nodes = [node('n1'), node('n2')];
  watch = createRivalWatch({
    ...{ clock, clusters: () => clusters, onChange: (key) => void woken.push(key) },
    nodeNamed: (name) => nodes.find(({ metadata }) => metadata.name === name),
  });
  watch.begin();
});
afterEach(() => watch.close());

/** Whom it concerns that the scheduler put a pod of `other` on a node. */
async function rivalsOf(made: KubeObject = pod('other', 'n1')): Promise<readonly string[]> {
  watch.heard({ previous: pod('other'), current: made });
  await clock.advance(5_000);
  return woken;
}

describe('a pod that comes to a node', () => {
  test('wakes the RTCClusters that need its ports there, and not its own', async () => {
    watch.heard({ current: pod('other') });
    expect(clock.pending).toBe(0);
    expect(await rivalsOf()).toEqual(['mattermost/calls']);
    expect(clock.pending).toBe(0);
  });

  test('wakes nobody whose ports are others, or that has other nodes', async () => {
    const network = { apiPort: 9443, media: { udpPort: 9045, tcpPort: 9045 } };
    clusters = [
      cluster('apart', { network }),
      cluster('elsewhere', { placement: { nodeSelector: { pool: 'web' } } }),
      cluster('beside', { placement: { nodeSelector: { pool: 'media' } } }),
    ];
    expect(await rivalsOf()).toEqual(['mattermost/beside']);
  });

  test('wakes one of whose ports only one is the same, and one that nobody can say it of', async () => {
    const network = { apiPort: 9443, media: { udpPort: 8044, tcpPort: 9045 } };
    const bare = { ...cluster('bare'), spec: {} };
    clusters = [cluster('both', { network, engine: { workers: 2 } }), cluster('one', { network }), bare];
    expect(await rivalsOf()).toEqual(['mattermost/both', 'mattermost/bare']);
  });

  test('wakes them also when the operator wrote that itself, and so knew it before it was told', async () => {
    const written = pod('other', 'n1');
    watch.heard({ current: pod('other') });
    watch.heard({ previous: written, current: written });
    await clock.advance(5_000);
    expect(woken).toEqual(['mattermost/calls']);
  });
});

describe('a pod that leaves its node', () => {
  beforeEach(() => rivalsOf());

  test('wakes those that it had kept from there', async () => {
    woken = [];
    watch.heard({ previous: pod('other', 'n1') });
    await clock.advance(5_000);
    expect(woken).toEqual(['mattermost/calls']);
  });

  test('and is replaced there by the next of its cluster, or only tells how it is, wakes nobody', async () => {
    woken = [];
    watch.heard({
      previous: pod('other', 'n1'),
      current: { ...pod('other', 'n1'), status: { phase: 'Failed' } },
    });
    expect(clock.pending).toBe(0);
    watch.heard({ previous: pod('other', 'n1') });
    watch.heard({ current: pod('other', undefined, 'next') });
    watch.heard({ previous: pod('other', undefined, 'next'), current: pod('other', 'n1', 'next') });
    await clock.advance(5_000);
    expect([woken, clock.pending]).toEqual([[], 0]);
  });
});

test('a rollout over all nodes wakes a neighbour once for all that happened meanwhile', async () => {
  for (const name of ['n1', 'n2']) watch.heard({ current: pod('other', name, `other-${name}`) });
  await clock.advance(5_000);
  expect(woken).toEqual(['mattermost/calls']);
});

test('pods that were there before anybody looked wake nobody', async () => {
  const early = createRivalWatch({
    ...{ clock, clusters: () => clusters, onChange: (key) => void woken.push(key) },
    nodeNamed: node,
  });
  early.heard({ current: pod('other', 'n1') });
  early.begin();
  early.heard({ current: pod('other', 'n1') });
  await clock.advance(60_000);
  expect([woken, clock.pending]).toEqual([[], 0]);
});
