/** What all light worlds of a test stand on: one real control plane with DNS, and the operator's bundle. */
import { join } from 'node:path';
import { createKubeClient } from '../../../operator/kube/client.ts';
import { startCluster } from '../../cluster/cluster.ts';
import { eventually } from '../../support/eventually.ts';
import { buildOperator } from '../../support/operatorProgram.ts';
import type { Ground } from './world.ts';

const crd = join(import.meta.dirname, '../../../crds/rtcclusters.rtc.progressnet.gr.yaml');

/** Starts it. */
export async function openGround(): Promise<Ground & { close(): Promise<void> }> {
  const cluster = await startCluster({ nodes: 0, dns: true });
  const client = createKubeClient({ kubeconfig: cluster.kubeconfig });
  const program = await buildOperator();
  await cluster.kubectl('apply', '-f', crd);
  await eventually(() => cluster.kubectl('get', 'rtcclusters').then(() => undefined));
  return {
    ...{ cluster, program, kube: client.api() },
    async close() {
      await program.remove();
      await client.close();
      await cluster.stop();
    },
  };
}
