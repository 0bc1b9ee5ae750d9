/** What Argo CD, Flux and `helm --wait` make of our objects: real statuses of a real operator, read by the real script, real CEL and Helm's own kstatus. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { HealthCheckExpressions } from '../../charts/argo/flux.ts';
import { rtcclusters, turnservers } from '../../operator/kube/resources.ts';
import type { KubeObject } from '../../operator/kube/api.ts';
import { blocksBy } from '../docs/harness/pages.ts';
import { ensurePackages } from '../setup/packages.ts';
import { run } from '../setup/run.ts';
import { eventually } from '../support/eventually.ts';
import { type KubeStage, stagePort, startKubeStage } from '../support/kubeStage.ts';
import { liveCluster } from '../support/liveCluster.ts';
import { liveTurn } from '../support/liveTurn.ts';
import { startOperator, type RunningOperator } from '../support/operator.ts';
import { type FluxHealth, startFluxHealth } from './fluxHealth.ts';

const root = join(import.meta.dirname, '../..');
const base = {
  network: { apiPort: stagePort },
  drain: { propagationSeconds: 0, sessionlessSeconds: 0 },
};
const nowhere = { placement: { nodeSelector: { disk: 'none-has-this' } } };
let stage: KubeStage;
let operator: RunningOperator | undefined;
let dir: string;
beforeAll(async () => {
  await ensurePackages(['lua5.1'], () => undefined);
  dir = await mkdtemp(join(tmpdir(), 'rtc-gitops-'));
  stage = await startKubeStage({ nodes: 2 });
  for (const name of ['argo', 'flux', 'argocd']) await stage.createNamespace(name);
  await stage.cluster.kubectl('create', 'configmap', 'argocd-cm', '--namespace', 'argocd');
  const told = blocksBy('test/charts/gitops.kube.ts');
  expect(told).toHaveLength(1);
  for (const line of told) {
    const [program, ...words] = line.replace('deploy/', `${root}/deploy/`).split(' ');
    expect(program).toBe('kubectl');
    await stage.cluster.kubectl(...words);
  }
}, 120_000);
afterAll(async () => {
  await operator?.stop();
  await stage.close();
  await rm(dir, { recursive: true });
}, 30_000);

interface Health {
  readonly status: string;
  readonly message: string;
}

/** What the script of `kind` in the settings that people apply says; Argo CD's Lua is 5.1, too. */
async function healthOf(object: KubeObject): Promise<Health> {
  const text = await stage.cluster.kubectl('get', 'configmap', 'argocd-cm', '-n', 'argocd', '-o', 'json');
  const settings = JSON.parse(text) as { data: Record<string, string> };
  const script = settings.data[`resource.customizations.health.rtc.progressnet.gr_${object.kind}`] ?? '';
  const file = join(dir, 'health.lua');
  const call = `local health = (function()\n${script}end)()\nio.write(health.status, '\\n', health.message)`;
  await writeFile(file, `local obj = ${lua(object)}\n${call}`);
  const [status = '', message = ''] = (await run('lua5.1', [file])).stdout.split('\n');
  return { status, message };
}

/** JSON as a Lua value. */
function lua(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map(lua).join(',')}}`;
  if (typeof value === 'object' && value !== null)
    return `{${Object.entries(value)
      .map(([key, inner]) => `[${quoted(key)}]=${lua(inner)}`)
      .join(',')}}`;
  if (typeof value === 'string') return quoted(value);
  return value === null ? 'nil' : JSON.stringify(value);
}

/** Decimal escapes, byte by byte: what a string of Lua 5.1 takes. */
const quoted = (text: string): string =>
  `"${[...Buffer.from(text)].map((byte) => `\\${String(byte).padStart(3, '0')}`).join('')}"`;

/** What `deploy/flux/health.yaml` gives for a kind. */
function expressionsOf(kind: string): HealthCheckExpressions {
  const text = readFileSync(join(root, 'deploy/flux/health.yaml'), 'utf8');
  const { spec } = parse(text) as { spec: { healthCheckExprs: readonly HealthCheckExpressions[] } };
  return spec.healthCheckExprs.find((one) => one.kind === kind)!;
}

const calls = (): ReturnType<typeof liveCluster> => liveCluster(stage.kube, 'argo', base);
const current = (): Promise<KubeObject> => stage.kube.get(rtcclusters, { namespace: 'argo', name: 'calls' });

let flux: FluxHealth | undefined;
const inFlux: Readonly<Record<string, string>> = {
  ...{ Progressing: 'InProgress', Healthy: 'Current', Degraded: 'Failed', Suspended: 'Failed' },
};

/** Argo CD's, and what Flux makes of the same. */
async function untilHealth(status: string, message: RegExp): Promise<void> {
  await eventually(
    async () => {
      const health = await healthOf(await current());
      return health.status === status && message.test(health.message) ? undefined : JSON.stringify(health);
    },
    { timeoutMs: 40_000, intervalMs: 200 },
  );
  flux ??= await startFluxHealth(stage.cluster, expressionsOf('RTCCluster'), ['argo', 'rtc/calls']);
  await eventually(
    async () => {
      const health = await flux?.('argo', 'rtc/calls');
      return health === inFlux[status] ? undefined : `Flux says ${health}, not ${inFlux[status]}`;
    },
    { timeoutMs: 40_000, intervalMs: 500 },
  );
}

describe('in Argo CD and, by its expressions, in Flux', () => {
  test('an RTCCluster is Progressing before an operator has seen it, then Healthy', async () => {
    await calls().apply({ replicas: 2 });
    await untilHealth('Progressing', /^No operator has looked at this generation yet/);
    operator = startOperator(stage.cluster.kubeconfig);
    await untilHealth('Healthy', /^AllPublished: Every pod takes calls$/);
  }, 90_000);

  test('a TurnServer is Healthy, too', async () => {
    const edge = liveTurn(stage.kube, 'argo');
    await edge.apply({ placement: { replicas: 0 } });
    await edge.untilCondition('Ready', /^True/);
    const [server] = (await stage.kube.list(turnservers, { namespace: 'argo', limit: 1 })).items;
    expect(await healthOf(server!)).toMatchObject({ status: 'Healthy' });
    expect(await flux?.('argo', 'turn/edge')).toBe('Current');
    expect(expressionsOf('TurnServer')).toEqual({ ...expressionsOf('RTCCluster'), kind: 'TurnServer' });
  }, 90_000);

  test('a change that the operator has not seen is Progressing, whatever the conditions say', async () => {
    const object = await current();
    const metadata = { ...object.metadata, generation: (object.metadata.generation ?? 0) + 1 };
    expect(await healthOf({ ...object, metadata })).toMatchObject({ status: 'Progressing' });
  });

  test('what needs a person is Degraded, with the reason', async () => {
    await calls().apply({ replicas: 2, ...nowhere, update: { strategy: 'OnDelete' } });
    await calls().apply({ replicas: 3, ...nowhere, update: { strategy: 'OnDelete' } });
    await untilHealth('Degraded', /^Unschedulable: /);
  }, 90_000);

  test('what somebody has paused is Suspended; what is being deleted is Progressing', async () => {
    const key = { namespace: 'argo', name: 'calls' };
    const pause = (value: string | null): Promise<KubeObject> =>
      stage.kube.mergePatch(rtcclusters, key, {
        metadata: { annotations: { 'rtc.progressnet.gr/paused': value } },
      });
    await pause('true');
    await untilHealth('Suspended', /paused/);
    await pause(null);
    for (const { sfu } of stage.fakes.nodes) sfu.sessions = 1;
    await calls().remove();
    await untilHealth('Progressing', /^Deleting: Goes when its last call has ended/);
    for (const { sfu } of stage.fakes.nodes) sfu.sessions = 0;
    await eventually(async () => ((await calls().isGone()) ? undefined : 'it is still there'), {
      timeoutMs: 30_000,
    });
  }, 90_000);
});

describe('kstatus, which Flux and helm 4 wait by', () => {
  const install = async (name: string, spec: object, timeout = '40s'): Promise<string> => {
    const chart = join(dir, name);
    await mkdir(join(chart, 'templates'), { recursive: true });
    const object = {
      apiVersion: 'rtc.progressnet.gr/v1alpha1',
      kind: 'RTCCluster',
      metadata: { name: 'calls' },
    };
    await writeFile(join(chart, 'Chart.yaml'), stringify({ apiVersion: 'v2', name, version: '1.0.0' }));
    await writeFile(
      join(chart, 'templates/calls.yaml'),
      stringify({ ...object, spec: { ...base, ...spec } }),
    );
    const place = ['--namespace', 'flux', '--wait', '--timeout', timeout];
    return stage.cluster.helm(4, 'upgrade', '--install', 'calls', chart, ...place);
  };

  test('takes an RTCCluster for current when it is Ready, and not before', async () => {
    await install('well', { replicas: 2 });
    const text = await stage.cluster.kubectl('get', 'rtc', '-n', 'flux', 'calls', '-o', 'json');
    const { metadata, status } = JSON.parse(text) as {
      metadata: { generation: number };
      status: { observedGeneration: number; conditions: { type: string; status: string }[] };
    };
    expect(status.observedGeneration).toBe(metadata.generation);
    expect(status.conditions.find(({ type }) => type === 'Ready')?.status).toBe('True');
  }, 60_000);

  test('finds nothing that differs from what was applied: the operator never writes a spec', async () => {
    const object = {
      apiVersion: 'rtc.progressnet.gr/v1alpha1',
      kind: 'RTCCluster',
      metadata: { name: 'calls' },
    };
    const manifest = stringify({ ...object, spec: { ...base, replicas: 2 } });
    const diff = [
      'diff',
      '--server-side',
      '--field-manager',
      'helm',
      '--force-conflicts',
      '-n',
      'flux',
      '-f',
      '-',
    ];
    const text = await stage.cluster
      .kubectlWithInput(manifest, ...diff)
      .catch((error: unknown) => String(error));
    expect(
      text.split('\n').filter((line) => /^[+-] .*(spec|network|drain|replicas|finalizer)/.test(line)),
    ).toEqual([]);
    const spec = await stage.cluster.kubectl(
      'get',
      'rtc',
      'calls',
      '-n',
      'flux',
      '-o',
      'jsonpath={.metadata.managedFields}',
    );
    const managers = (JSON.parse(spec) as { manager: string; fieldsV1: Record<string, unknown> }[])
      .filter(({ fieldsV1 }) => 'f:spec' in fieldsV1)
      .map(({ manager }) => manager);
    expect(managers).toEqual(['helm']);
  });

  test('waits in vain for pods that no node takes', async () => {
    await expect(install('ill', { replicas: 3 }, '8s')).rejects.toThrow(
      /RTCCluster\/flux\/calls not ready. status: InProgress/,
    );
  }, 60_000);
});
