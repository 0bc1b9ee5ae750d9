/** Runs kubectl and helm for one cluster, with caches of that cluster only. */
import { join } from 'node:path';
import { run } from '../setup/run.ts';
import type { Tools } from './tools.ts';

/** kubectl and helm as functions. */
export interface ToolRunner {
  /** Runs kubectl as administrator; its standard output. */
  kubectl(...args: readonly string[]): Promise<string>;
  /** The same with text as standard input: `kubectlWithInput(manifest, 'apply', '-f', '-')`. */
  kubectlWithInput(input: string, ...args: readonly string[]): Promise<string>;
  /** Runs helm 3 or 4; its standard output. */
  helm(version: 3 | 4, ...args: readonly string[]): Promise<string>;
}

/** `cacheDir`: what one cluster answered must not be taken for the answer of the next one at the same address. */
export function createToolRunner(tools: Tools, kubeconfig: string | undefined, cacheDir: string): ToolRunner {
  const env = {
    ...(kubeconfig === undefined ? {} : { KUBECONFIG: kubeconfig }),
    KUBECACHEDIR: join(cacheDir, 'kubectl'),
    HELM_CACHE_HOME: join(cacheDir, 'helm-cache'),
    HELM_CONFIG_HOME: join(cacheDir, 'helm-config'),
    HELM_DATA_HOME: join(cacheDir, 'helm-data'),
  };
  return {
    kubectl: async (...args) => (await run(tools.kubectl, args, { env })).stdout,
    kubectlWithInput: async (input, ...args) => (await run(tools.kubectl, args, { env, input })).stdout,
    helm: async (version, ...args) => (await run(tools.helm[version], args, { env })).stdout,
  };
}
