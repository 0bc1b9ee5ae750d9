/** `kubectl-rtc __complete WORDS…`: what shells ask. Whatever goes wrong, there is just less to choose from. */
import type { Command } from 'commander';
import type { Resource } from '../../kube/api.ts';
import { loadKubeConfig } from '../../kube/credentials.ts';
import * as resources from '../../kube/resources.ts';
import { complete, type Named } from '../completion/complete.ts';
import { noFiles } from '../completion/scripts.ts';
import { openSession, type GlobalOptions } from '../session.ts';

/** One line for each word, and the directive. */
export async function completionLines(program: Command, typed: readonly string[]): Promise<string> {
  const { words, named } = complete(program, typed);
  const last = typed.at(-1) ?? '';
  const known = named === undefined ? [] : await namesOf(named, optionsIn(typed)).catch(() => []);
  return [...words, ...known.filter((name) => name.startsWith(last)), noFiles, ''].join('\n');
}

const kinds: Readonly<
  Record<
    Exclude<Named, 'contexts' | 'targets'>,
    { readonly resource: Resource; readonly labelSelector?: string }
  >
> = {
  clusters: { resource: resources.rtcclusters },
  pods: { resource: resources.pods, labelSelector: 'rtc.progressnet.gr/role in (sfu,turn)' },
  turnservers: { resource: resources.turnservers },
  nodes: { resource: resources.nodes },
  namespaces: { resource: resources.namespaces },
};

async function namesOf(named: Named, options: GlobalOptions): Promise<readonly string[]> {
  if (named === 'contexts')
    return loadKubeConfig(options.kubeconfig)
      .getContexts()
      .map(({ name }) => name);
  if (named === 'targets') {
    const both = [await namesOf('clusters', options), await namesOf('turnservers', options)] as const;
    return [...both[0], ...both[1].map((name) => `turnserver/${name}`)];
  }
  const { resource, ...selector } = kinds[named];
  const session = openSession(options);
  try {
    const where = resource.namespaced ? { namespace: session.namespace } : {};
    const found = await session.all(resource, { ...where, ...selector });
    return found.map(({ metadata }) => metadata.name).toSorted();
  } finally {
    await session.close();
  }
}

/** The line is not whole yet, so its options are read by hand. */
function optionsIn(typed: readonly string[]): GlobalOptions {
  const after = (...flags: readonly string[]): string | undefined => {
    const at = typed.findIndex((word) => flags.includes(word));
    return at === -1 ? undefined : typed[at + 1];
  };
  const namespace = after('-n', '--namespace');
  const context = after('--context');
  const kubeconfig = after('--kubeconfig');
  return {
    ...{ output: 'text', operatorName: '' },
    ...(namespace !== undefined && { namespace }),
    ...(context !== undefined && { context }),
    ...(kubeconfig !== undefined && { kubeconfig }),
  };
}
