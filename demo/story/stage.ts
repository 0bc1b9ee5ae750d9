/** Where the story plays: a cluster of our own with three nodes, or the one of the current kubeconfig. */
import { startCluster } from '../../test/cluster/cluster.ts';
import { currentCluster } from '../../test/cluster/current.ts';
import type { ToolRunner } from '../../test/cluster/toolRunner.ts';
import { coturnImage } from '../../test/setup/coturn.ts';
import { buildImages } from '../../test/setup/images.ts';
import type { Say } from '../../test/setup/progress.ts';
import type { ImageRefs } from '../../test/support/release.ts';
import { type Discover, discoverByDns, discoverByEndpointSlices } from '../page/server/discovery.ts';

/** What the story needs of a cluster. */
export interface Stage {
  readonly tools: ToolRunner;
  readonly images: ImageRefs;
  /** Image of coturn; undefined: that of the custom resource's default. */
  readonly coturn?: string;
  /** How a person reaches it with kubectl. */
  readonly kubeconfig: string;
  /** Asks for the addresses of a headless Service, `name.namespace.svc.domain`. */
  discover(hostname: string): Discover;
  /** Whether what was installed has to be taken away again at the end. */
  readonly isShared: boolean;
  close(): Promise<void>;
}

/** `CLUSTER=current` takes the cluster of the kubeconfig. Rejects with what is missing. */
export async function openStage(say: Say): Promise<Stage> {
  return process.env['CLUSTER'] === 'current' ? currentStage(say) : ownStage(say);
}

async function ownStage(say: Say): Promise<Stage> {
  const images = await buildImages({ say });
  const coturn = await coturnImage(say);
  const archives = [images.operator, images.sfu, coturn].map(({ tar }) => tar);
  const cluster = await startCluster({ nodes: 3, images: archives, say });
  return {
    tools: cluster,
    images: { operator: images.operator.ref, sfu: images.sfu.ref },
    coturn: coturn.ref,
    kubeconfig: cluster.kubeconfig,
    discover: (hostname) => discoverByDns(hostname, cluster.dnsServer),
    isShared: false,
    close: () => cluster.stop(),
  };
}

/** Where the story plays, in every cluster. */
export const storyNamespace = 'default';

/** kubectl that looks into `namespace` where a command names none, whatever the context of the kubeconfig says. */
export function inNamespace(tools: ToolRunner, namespace: string): ToolRunner {
  const place = ['--namespace', namespace];
  return {
    kubectl: (...args) => tools.kubectl(...place, ...args),
    kubectlWithInput: (input, ...args) => tools.kubectlWithInput(input, ...place, ...args),
    helm: (version, ...args) => tools.helm(version, ...args),
  };
}

/** A strange cluster's DNS is out of reach from here: the EndpointSlices that it answers from are not. */
async function currentStage(say: Say): Promise<Stage> {
  const images = { operator: imageFrom('IMAGE_OPERATOR'), sfu: imageFrom('IMAGE_SFU') };
  const coturn = process.env['IMAGE_COTURN'];
  const cluster = await currentCluster(say);
  return {
    tools: inNamespace(cluster, storyNamespace),
    images,
    ...(coturn !== undefined && { coturn }),
    kubeconfig: process.env['KUBECONFIG'] ?? '~/.kube/config',
    discover: (hostname) => {
      const [name = '', namespace = ''] = hostname.split('.');
      return discoverByEndpointSlices((...args) => cluster.kubectl(...args), { name, namespace });
    },
    isShared: true,
    close: () => cluster.leave(),
  };
}

function imageFrom(variable: string): string {
  const ref = process.env[variable];
  if (ref !== undefined && /.:[^/:]+$/.test(ref)) return ref;
  throw new Error(
    `CLUSTER=current needs ${variable}=repository:tag, an image that the cluster can pull (make images builds it)`,
  );
}
