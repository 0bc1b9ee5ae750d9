/**
 * A cluster for people: `node test/cluster/main.ts up [--nodes N] [--images]` stays up until
 * Ctrl-C, with the operator's and the SFU's image on its nodes; `down` removes what dead owners left, `build` only gets everything ready.
 */
import { parseArgs } from 'node:util';
import { buildImages } from '../setup/images.ts';
import { startProgress } from '../setup/progress.ts';
import type { Say } from '../setup/progress.ts';
import { startCluster } from './cluster.ts';
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
if (command === undefined || !(nodes >= 0 && nodes <= 3)) {
  process.stderr.write(
    'usage: node test/cluster/main.ts up [--nodes 0-3] [--images] | down | build [--nodes 0-3]\n',
  );
  process.exitCode = 2;
} else {
  await command().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

async function up(tell: Say): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const images = values.images ? await buildImages({ say: tell }) : undefined;
  const archives = images === undefined ? [] : [images.operator.tar, images.sfu.tar];
  const cluster = await startCluster({ nodes, images: archives, say: tell });
  tell(`Up: export KUBECONFIG=${cluster.kubeconfig}   kubectl: ${cluster.kubectlPath}`);
  if (images !== undefined)
    tell(`    export IMAGE_OPERATOR=${images.operator.ref} IMAGE_SFU=${images.sfu.ref}`);
  tell('Ctrl-C ends it');
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  await interrupted;
  clearInterval(keepAlive);
  tell('Ending');
  await cluster.stop();
}
