/**
 * A cluster for people: `node test/cluster/main.ts up [--nodes N] [--images]` stays up until
 * Ctrl-C, with the operator's and the SFU's image on its nodes; `down` removes what dead owners left, `build` only gets everything ready.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { coturnImage } from '../setup/coturn.ts';
import { buildImages, type Image, type Images } from '../setup/images.ts';
import { startProgress } from '../setup/progress.ts';
import type { Say } from '../setup/progress.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './options.ts';
import { lastLine, nextSteps, type Started } from './nextSteps.ts';
import { prepareMachine } from './prepare.ts';
import { sweep } from './slots.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { nodes: { type: 'string', default: '0' }, images: { type: 'boolean', default: false } },
});
const nodes = Number(values.nodes);
const say = startProgress();
const commands: Readonly<Record<string, () => Promise<unknown>>> = {
  up: () => up(say),
  down: () => sweep().then((slots) => say(`Clusters without an owner, removed: ${slots.length}`)),
  build: () => prepareMachine({ nodes, dns: nodes > 0 }, say),
};

const command = commands[positionals[0] ?? ''];
if (command === undefined || !(nodes >= 0 && nodes <= 9)) {
  process.stderr.write(
    'usage: node test/cluster/main.ts up [--nodes 0-9] [--images] | down | build [--nodes 0-9]\n',
  );
  process.exitCode = 2;
} else {
  await command().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

function placesOf({ kubeconfig, kubectlPath, helmPath }: Cluster): Omit<Started, 'images'> {
  return { root: join(import.meta.dirname, '../..'), kubeconfig, kubectl: kubectlPath, helm: helmPath[4] };
}

/** TURN included: a machine without a registry cannot pull coturn's own image. */
function refsOf({
  operator,
  sfu,
  coturn,
}: Images & { readonly coturn: Image }): NonNullable<Started['images']> {
  return { operator: operator.ref, sfu: sfu.ref, coturn: coturn.ref };
}

async function up(tell: Say): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const images = values.images
    ? { ...(await buildImages({ say: tell })), coturn: await coturnImage(tell) }
    : undefined;
  const archives = Object.values(images ?? {}).map(({ tar }) => tar);
  const cluster = await startCluster({ nodes, images: archives, say: tell });
  tell(nextSteps({ ...placesOf(cluster), ...(images && { images: refsOf(images) }) }));
  tell(lastLine);
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  await interrupted;
  clearInterval(keepAlive);
  tell('Ending');
  await cluster.stop();
}
