/** A real operator on a real API server, with an RTCCluster and TurnServers that live through a little; nodes, SFUs and coturns are faked. */
import { secrets } from '../../../operator/kube/resources.ts';
import { createAuthority } from '../../cluster/certificates.ts';
import { eventually } from '../../support/eventually.ts';
import { startFakeTurnNodes, type FakeTurnNodes } from '../../support/fakeTurnNodes.ts';
import { stagePort, startKubeStage, type KubeStage } from '../../support/kubeStage.ts';
import { liveCluster, type LiveCluster } from '../../support/liveCluster.ts';
import { liveTurn, type LiveTurn } from '../../support/liveTurn.ts';
import { startOperator, type RunningOperator } from '../../support/operator.ts';
import { startExporter, type Exporter } from './exporter.ts';

/** See the file comment. */
export interface FleetStage {
  readonly stage: KubeStage;
  readonly calls: LiveCluster;
  readonly edge: LiveTurn;
  readonly coturns: FakeTurnNodes;
  /** Where the operator's metrics are scraped. */
  readonly metrics: Exporter;
  stop(): Promise<void>;
}

const namespace = 'monitored';
/** Of a TurnServer that has a certificate, and no pods to show it. */
const besides = 'monitored-tls';
const host = `calls-rtcd.${namespace}.svc.cluster.local`;

/** Two published SFU pods that serve TLS, and two TURN pods. */
export async function startFleetStage(): Promise<FleetStage> {
  const authority = createAuthority('internal');
  const pair = authority.issue({ subject: { commonName: 'api' }, usage: 'server', names: [host] });
  const stage = await startKubeStage({ nodes: 3, served: pair });
  const coturns = await startFakeTurnNodes(stage.kube, stage.fakes.nodes);
  for (const name of [namespace, besides]) await stage.createNamespace(name);
  const give = async (
    where: string,
    name: string,
    label: Readonly<Record<string, string>>,
  ): Promise<void> => {
    await stage.kube.create(secrets, {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      metadata: { namespace: where, name, labels: label },
      stringData: { 'tls.crt': pair.certificate, 'tls.key': pair.key, 'ca.crt': authority.certificate },
    });
  };
  await give(namespace, 'calls-api-tls', { 'rtc.progressnet.gr/cluster': 'calls' });
  await give(besides, 'edge-turn-tls', { 'rtc.progressnet.gr/turnserver': 'edge' });
  const operator = startOperator(stage.cluster.kubeconfig, {}, { allocate: coturns.allocate });
  const metrics = await startExporter(() => operator.metrics.registry.metrics());
  const calls = liveCluster(stage.kube, namespace, {
    drain: { policy: 'ForceAfter', propagationSeconds: 0, sessionlessSeconds: 0, timeoutSeconds: 600 },
    network: { apiPort: stagePort },
    tls: { api: { mode: 'Secret', secretName: 'calls-api-tls' } },
    scaling: { target: { sessionsPerPod: 100 } },
  });
  const edge = liveTurn(stage.kube, namespace, { drain: { timeoutSeconds: 60 } });
  const withTls = liveTurn(stage.kube, besides, { placement: { replicas: 0 } });
  const begun = { stage, calls, edge, coturns, metrics };
  await begin({ ...begun, withTls });
  return { ...begun, stop: () => stop(begun, operator) };
}

type Begun = Omit<FleetStage, 'stop'>;

async function begin({ calls, edge, withTls }: Begun & { readonly withTls: LiveTurn }): Promise<void> {
  await calls.apply({ replicas: 2 });
  await edge.apply({ placement: { replicas: 2 } });
  await withTls.apply({
    tls: { mode: 'Secret', secretName: 'edge-turn-tls' },
    network: { serverName: host },
  });
  await calls.untilCondition('Ready', /^True/);
  await edge.untilCondition('Ready', /^True/);
}

/** What is to be seen: calls come, a third pod comes and goes with a drain, allocations come, the secret is replaced. */
export async function liveThroughALittle({ stage, calls, edge, coturns }: Begun): Promise<void> {
  const sessions = [60, 85, 20];
  stage.fakes.nodes.forEach(({ sfu }, at) =>
    Object.assign(sfu, { sessions: sessions[at], load: 0.2 + at / 5 }),
  );
  [...coturns.coturns.values()].forEach((coturn, at) => (coturn.allocations = 400 + 300 * at));
  await calls.apply({ replicas: 3 });
  await calls.untilPods(3, 'rtc.progressnet.gr/role=sfu,rtc.progressnet.gr/published=true');
  await edge.annotate({ 'rtc.progressnet.gr/turn-rotate': 'now' });
  await calls.apply({ replicas: 2 });
  const { name } = await calls.untilMember('Draining');
  await eventually(async () => {
    const { members = [] } = await calls.status();
    const { deadline } = members.find((member) => member.name === name) ?? {};
    return deadline === undefined ? 'the deadline of the drain' : undefined;
  });
}

/** The calls on the pod that drains end, and it goes. */
export async function endOfTheDrain({ stage, calls }: Begun): Promise<void> {
  for (const { sfu } of stage.fakes.nodes) if (sfu.isDraining) sfu.sessions = 0;
  await calls.untilPods(2);
}

async function stop({ stage, coturns, metrics }: Begun, operator: RunningOperator): Promise<void> {
  await operator.stop();
  await metrics.close();
  await coturns.stop();
  await stage.close();
}
