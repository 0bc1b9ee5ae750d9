/** A real API server with the operator, for the commands and samples of the documentation. Nodes and SFUs are faked. */
import { copyFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createKubeClient } from '../../../operator/kube/client.ts';
import { startCluster } from '../../cluster/cluster.ts';
import type { Cluster } from '../../cluster/options.ts';
import { certManagerCrd } from '../../support/certManager.ts';
import { eventually } from '../../support/eventually.ts';
import { type FakeNodes, startFakeNodes } from '../../support/fakeNodes.ts';
import { startOperator } from '../../support/operator.ts';
import { isWhole, toolOf } from './inline.ts';
import type { Block, InlineCode, Page } from './markdown.ts';
import { type Mark, readMark } from './mark.ts';
import { isShell, place } from './pages.ts';
import { shownBelow } from './printed.ts';
import { manifestsOf } from './samples.ts';
import { createScratch, type Scratch } from './script.ts';

/** What pages speak of: an RTCCluster `calls` with two pods and a TurnServer `edge`, in the namespace of the context. */
const namespace = 'mattermost';
const apiVersion = 'rtc.progressnet.gr/v1alpha1';
const drain = { propagationSeconds: 0, sessionlessSeconds: 0, timeoutSeconds: 60 };
const calls = {
  ...{ apiVersion, kind: 'RTCCluster', metadata: { name: 'calls', namespace } },
  spec: { replicas: 2, drain },
};
const edge = {
  ...{ apiVersion, kind: 'TurnServer', metadata: { name: 'edge', namespace } },
  spec: { placement: { replicas: 0 }, realm: 'example.com' },
};
/** A node that may be drained, tainted and deleted: nothing is on it. */
const spare = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'spare' } };
const words = [
  ['NAMESPACE', namespace],
  ['turnserver NAME', 'turnserver edge'],
  ['NAME', 'calls'],
  ['POD', 'calls-sfu-0'],
  ['NODE', 'spare'],
] as const;

/** What can be done with pages there. */
export interface ApiStage {
  /** Plays every command of a page that this stage runs, in order. What went wrong, with its place. */
  play(page: Page): Promise<readonly string[]>;
  /** Has the API server check every sample of a page. What it refused, with its place. */
  check(page: Page): Promise<readonly string[]>;
  close(): Promise<void>;
}

interface Parts {
  readonly cluster: Cluster;
  readonly fakes: FakeNodes;
  readonly scratch: Scratch;
}

/** Takes some fifteen seconds. */
export async function startApiStage(): Promise<ApiStage> {
  const cluster = await startCluster({ nodes: 0 });
  await installDefinitions(cluster);
  const client = createKubeClient({ kubeconfig: cluster.kubeconfig });
  const fakes = await startFakeNodes(cluster, client.api(), { count: 3, port: 8443 });
  await cluster.kubectl('create', 'namespace', namespace);
  const operator = startOperator(cluster.kubeconfig, { 'binding-namespaces': namespace });
  const env = await ownKubeconfig(cluster);
  const scratch = await createScratch({ words, env, path: [dirname(cluster.kubectlPath)] });
  const parts = { cluster, fakes, scratch };
  return {
    play: (page) => playPage(parts, page),
    check: (page) => checkPage(parts, page),
    async close() {
      await scratch.remove();
      await operator.stop();
      await fakes.stop();
      await client.close();
      await cluster.stop();
    },
  };
}

/** As a release leaves them: one that a page installs may take them over. */
async function installDefinitions(cluster: Cluster): Promise<void> {
  const release = ['rtc-operator', '--namespace', 'rtc-system'];
  await cluster.helm(4, 'install', ...release, 'charts/rtc-operator', '--create-namespace');
  await cluster.helm(4, 'uninstall', ...release, '--no-hooks');
  await cluster.kubectlWithInput(JSON.stringify(certManagerCrd), 'apply', '-f', '-');
  await eventually(() => cluster.kubectl('get', 'rtcclusters,turnservers').then(() => undefined));
}

/** With the namespace that the pages tell people to work in, and nothing kept between two runs. */
async function ownKubeconfig(cluster: Cluster): Promise<Record<string, string>> {
  const KUBECONFIG = join(dirname(cluster.kubeconfig), 'docs.kubeconfig');
  await copyFile(cluster.kubeconfig, KUBECONFIG);
  const own = ['--kubeconfig', KUBECONFIG];
  await cluster.kubectl('config', 'set-context', '--current', '--namespace', namespace, ...own);
  const helm = (part: string): string => join(dirname(KUBECONFIG), `docs-helm-${part}`);
  return {
    ...{ KUBECONFIG, KUBECACHEDIR: helm('kubectl') },
    ...{ HELM_CACHE_HOME: helm('cache'), HELM_CONFIG_HOME: helm('config'), HELM_DATA_HOME: helm('data') },
  };
}

/**
 * Whatever the page before left, the next one finds what it speaks of. Nothing is deleted for that: the garbage
 * collector looks for what a new kind owns every 30 s only.
 */
async function reset({ cluster, fakes, scratch }: Parts): Promise<void> {
  for (const { name } of fakes.nodes) await cluster.kubectl('uncordon', name);
  for (const object of [calls, edge, spare]) {
    const put = (verb: string): Promise<undefined> =>
      cluster.kubectlWithInput(JSON.stringify(object), verb, '-f', '-').then(() => undefined);
    // The operator may write at the same moment, which is a conflict.
    await eventually(() =>
      put('replace').catch((error: unknown) => {
        if (String(error).includes('NotFound')) return put('create');
        throw error;
      }),
    );
  }
  await scratch.run(`
    kubectl wait --for=condition=Ready rtc/calls turn/edge --timeout=30s ||
      { kubectl get rtc,turn,pods -o wide; kubectl describe rtc calls | tail -20; exit 1; }`);
}

interface Item {
  readonly at: Pick<Block, 'page' | 'line'>;
  readonly text: string;
  readonly mark?: Mark;
  /** What the page says that it prints. */
  readonly shown?: string;
}

async function playPage(parts: Parts, page: Page): Promise<readonly string[]> {
  const problems: string[] = [];
  await reset(parts);
  for (const item of apiItems(page)) {
    await playItem(parts, item).catch((error: unknown) =>
      problems.push(`${place(item.at)}: ${String(error)}`),
    );
    if (item.text.includes('kubectl delete')) await reset(parts);
  }
  await parts.scratch.run('helm uninstall rtc-operator -n rtc-system --no-hooks --ignore-not-found');
  return problems;
}

/** Commands of a page that are run on this stage, in the order in which they are read. */
export function apiItems(page: Page): readonly Item[] {
  const items = [
    ...page.blocks.flatMap((block) => blockItem(page, block)),
    ...page.inline.flatMap(inlineItem),
  ];
  return items.sort((a, b) => a.at.line - b.at.line);
}

function blockItem(page: Page, block: Block): readonly Item[] {
  if (!isShell(block)) return [];
  const mark = readMark(block.mark);
  if ('problem' in mark || mark.stage !== 'api') return [];
  const shown = shownBelow(page, block);
  return [{ at: block, text: block.text, mark, ...(shown !== undefined && { shown }) }];
}

function inlineItem(code: InlineCode): readonly Item[] {
  const tool = toolOf(code.text);
  const isOurs = (tool === 'kubectl' || tool === 'helm') && isWhole(code.text);
  return isOurs ? [{ at: code, text: code.text }] : [];
}

const unmarked: Mark = { set: [], before: [], after: [] };
const named = ['calls-sfu-0', 'calls-sfu-1'];

/** Pods come and go from page to page: those that a command names are whichever are there. */
async function playItem(parts: Parts, { text, mark = unmarked, shown }: Item): Promise<void> {
  const { scratch } = parts;
  if (!named.some((name) => text.includes(name))) return scratch.runMarked(text, mark, shown);
  await reset(parts);
  const found = await scratch.run(
    "kubectl get pods -l rtc.progressnet.gr/published=true -o jsonpath='{.items[*].metadata.name}'",
  );
  const pods = found.split(' ');
  const set = named.map((name, index) => [name, pods[index] ?? name] as const);
  return scratch.runMarked(text, { ...mark, set: [...mark.set, ...set] }, shown);
}

async function checkPage(parts: Parts, page: Page): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const block of samplesOf(page))
    await applyDry(parts, block).catch((error: unknown) =>
      problems.push(`${place(block)}: ${String(error)}`),
    );
  return problems;
}

/** Blocks of YAML. */
export function samplesOf({ blocks }: Page): readonly Block[] {
  return blocks.filter(({ language }) => language === 'yaml');
}

/** The API server checks fields, types and rules, and keeps nothing. */
async function applyDry({ cluster, scratch }: Parts, { text, mark }: Block): Promise<void> {
  const said = /^yaml: (\w+)/.exec(mark)?.[1] ?? '';
  if (said === 'other') return;
  if (said === 'values') {
    await writeFile(join(scratch.dir, 'sample-values.yaml'), text);
    await scratch.run('helm template charts/rtc-operator -f sample-values.yaml');
    return;
  }
  for (const manifest of manifestsOf(text, said))
    await cluster.kubectlWithInput(
      JSON.stringify(manifest),
      ...['apply', '--dry-run=server', '--validate=strict', '--namespace', 'default', '-f', '-'],
    );
}
