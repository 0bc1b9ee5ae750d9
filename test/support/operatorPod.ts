/** An operator of this process as a pod of the cluster: its records on the link, a Pod that has that address, and the Lease that names it. */
import type { Operator } from '../../operator/app.ts';
import { microTime } from '../../operator/kube/lease.ts';
import * as resources from '../../operator/kube/resources.ts';
import { startRecordServer } from '../../operator/ops/records.ts';
import type { KubeStage } from './kubeStage.ts';
import { linkAddress } from './linkAddresses.ts';

const key = { namespace: 'rtc-system', name: 'rtc-operator' };
/** Beyond those of fake nodes. */
const addressIndex = 140;

/** Serves `operator()`, whichever it is at that moment. */
export async function serveOperatorPod(
  stage: KubeStage,
  operator: () => Operator,
): Promise<{ close(): Promise<void> }> {
  const { kube } = stage;
  const host = await linkAddress(stage.cluster, addressIndex);
  const server = await startRecordServer(
    {
      isLeader: () => operator().records.isLeader(),
      get clusters() {
        return operator().records.clusters;
      },
      get turnservers() {
        return operator().records.turnservers;
      },
    },
    { host, port: 0, nowMs: () => performance.now() },
  );
  await stage.createNamespace(key.namespace);
  const name = `${key.name}-0`;
  const container = {
    name: 'operator',
    image: 'none',
    ports: [{ name: 'records', containerPort: server.port }],
  };
  const metadata = { namespace: key.namespace, name };
  await kube.create(resources.pods, {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata },
    spec: { containers: [container] },
  });
  const status = { phase: 'Running', podIP: host, podIPs: [{ ip: host }] };
  await kube.mergePatch(resources.pods, { ...metadata, subresource: 'status' }, { status });
  const holderIdentity = `${name}_0a1b2c3d`;
  await kube.create(resources.leases, {
    ...{ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: key },
    spec: { holderIdentity, leaseDurationSeconds: 15, renewTime: microTime(Date.now()) },
  });
  const renew = (): void => {
    const spec = { renewTime: microTime(Date.now()) };
    kube.mergePatch(resources.leases, key, { spec }).catch(() => undefined);
  };
  const renewing = setInterval(renew, 5_000);
  return {
    async close() {
      clearInterval(renewing);
      await server.close();
    },
  };
}
