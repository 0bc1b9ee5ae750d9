/** The quickstart, and whatever on other pages needs pods that really run, on real nodes: operator and SFUs from their images. */
import { copyFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { buildImages, type Images } from '../setup/images.ts';
import { imageValues } from '../support/release.ts';
import type { Block } from './harness/markdown.ts';
import { type Mark, readMark } from './harness/mark.ts';
import { commandPages, isShell, place } from './harness/pages.ts';
import { createScratch, type Scratch } from './harness/script.ts';

let cluster: Cluster;
let scratch: Scratch;

beforeAll(async () => {
  const images = await buildImages({ say: () => undefined });
  cluster = await startCluster({ nodes: 2, images: [images.operator.tar, images.sfu.tar] });
  scratch = await createScratch({
    ...{ env: await ownKubeconfig(), path: [dirname(cluster.kubectlPath)], words: wordsFor(images) },
    timeoutMs: 300_000,
  });
}, 300_000);
afterAll(async () => {
  await scratch.remove();
  await cluster.stop();
}, 120_000);

/** Nothing is published yet, so the chart is told of the images on the nodes. */
function wordsFor(images: Images): readonly (readonly [string, string])[] {
  const install = 'helm install rtc-operator charts/rtc-operator';
  const values = imageValues({ operator: images.operator.ref, sfu: images.sfu.ref }).join(',');
  return [
    [install, `${install} --set ${values}`],
    ['NAME', 'calls'],
    ...cluster.nodes.map(({ address }, index) => [`N${index + 1}`, address] as const),
  ];
}

async function ownKubeconfig(): Promise<Record<string, string>> {
  const KUBECONFIG = join(dirname(cluster.kubeconfig), 'docs.kubeconfig');
  await copyFile(cluster.kubeconfig, KUBECONFIG);
  const own = ['--kubeconfig', KUBECONFIG];
  await cluster.kubectl('config', 'set-context', '--current', '--namespace', 'mattermost', ...own);
  return { KUBECONFIG, KUBECACHEDIR: join(dirname(KUBECONFIG), 'docs-cache') };
}

interface Step {
  readonly block: Block;
  readonly mark: Mark;
}

const steps = commandPages
  .flatMap((page) => page.blocks)
  .filter(isShell)
  .flatMap((block): readonly Step[] => {
    const mark = readMark(block.mark);
    return 'problem' in mark ? [] : [{ block, mark }];
  });
const ofQuickstart = steps.filter(
  ({ block, mark }) => block.page === 'docs/quickstart.md' && ['api', 'cluster'].includes(mark.stage ?? ''),
);
const isEnd = ({ block }: Step): boolean => /kubectl delete|helm uninstall/.test(block.text);
const ofOthers = steps.filter(
  ({ block, mark }) => block.page !== 'docs/quickstart.md' && mark.stage === 'cluster',
);

const inOrder = [...ofQuickstart.filter((step) => !isEnd(step)), ...ofOthers, ...ofQuickstart.filter(isEnd)];

test.each(inOrder.map((step) => [place(step.block), step] as const))(
  '%s works',
  async (_, { block, mark }) => {
    await expect(scratch.runMarked(block.text, mark)).resolves.toBeUndefined();
  },
  400_000,
);
