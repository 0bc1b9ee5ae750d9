/** `CLUSTER=current`: a cluster that exists already, reached as kubectl would reach it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Say } from '../setup/progress.ts';
import type { NodeInfo } from './options.ts';
import { createToolRunner } from './toolRunner.ts';
import type { ToolRunner } from './toolRunner.ts';
import { ensureTools } from './tools.ts';

/** What can be done with a cluster that is not ours to start, stop or load images into. */
export interface CurrentCluster extends ToolRunner {
  /** With the address that pods on the host network have there. */
  readonly nodes: readonly NodeInfo[];
  /** Forgets about it; the cluster stays. */
  leave(): Promise<void>;
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: { readonly addresses?: readonly { readonly type: string; readonly address: string }[] };
  }[];
}

/** The cluster of the current kubeconfig (`KUBECONFIG`, else ~/.kube/config). Rejects when it does not answer. */
export async function currentCluster(say: Say): Promise<CurrentCluster> {
  const tools = await ensureTools(say);
  const cacheDir = await mkdtemp(join(tmpdir(), 'rtc-current-'));
  const runner = createToolRunner(tools, undefined, cacheDir);
  const leave = (): Promise<void> => rm(cacheDir, { recursive: true, force: true });
  try {
    const { items } = JSON.parse(await runner.kubectl('get', 'nodes', '-o', 'json')) as NodeList;
    const nodes = items.map(({ metadata, status }) => ({
      name: metadata.name,
      address: status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
    }));
    return { ...runner, nodes, leave };
  } catch (error) {
    await leave();
    throw error;
  }
}
