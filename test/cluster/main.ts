/**
 * A cluster for people: `node test/cluster/main.ts up [--nodes N] [--images]` stays up until
 * Ctrl-C, with the operator's and the SFU's image on its nodes; `down` removes what dead owners left, `build` only gets everything ready.
 */
import { parseArgs } from 'node:util';
import { buildImages, type Images } from '../setup/images.ts';
import { startProgress } from '../setup/progress.ts';
import type { Say } from '../setup/progress.ts';
import { imageValues } from '../support/release.ts';
import { startCluster } from './cluster.ts';
import type { Cluster } from './options.ts';
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

/** What to type in another terminal. */
function nextSteps({ helmPath }: Cluster, { operator, sfu }: Images): string {
  const place = '--namespace rtc-system --create-namespace';
  return [
    'the images are on the nodes; install the operator:',
    `  ${helmPath[4]} install rtc-operator charts/rtc-operator ${place} \\`,
    `    --set ${imageValues({ operator: operator.ref, sfu: sfu.ref }).join(',')}`,
    'or play the demo in it:',
    `  export IMAGE_OPERATOR=${operator.ref} IMAGE_SFU=${sfu.ref}`,
    '  CLUSTER=current make demo',
  ].join('\n');
}

async function up(tell: Say): Promise<void> {
  const interrupted = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const images = values.images ? await buildImages({ say: tell }) : undefined;
  const archives = images === undefined ? [] : [images.operator.tar, images.sfu.tar];
  const cluster = await startCluster({ nodes, images: archives, say: tell });
  tell(`Up: export KUBECONFIG=${cluster.kubeconfig}   kubectl: ${cluster.kubectlPath}`);
  if (images !== undefined) tell(nextSteps(cluster, images));
  tell('Ctrl-C ends it');
  const keepAlive = setInterval(() => undefined, 2 ** 30);
  await interrupted;
  clearInterval(keepAlive);
  tell('Ending');
  await cluster.stop();
}
