/**
 * The demo in a cluster that is somebody else's (`CLUSTER=current`), on a
 * terminal: it plays, stays up until Ctrl-C, and takes away what it brought.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startCluster } from '../cluster/cluster.ts';
import type { Cluster } from '../cluster/options.ts';
import { coturnImage } from '../setup/coturn.ts';
import { buildImages } from '../setup/images.ts';
import { startProgress } from '../setup/progress.ts';
import { eventually } from '../support/eventually.ts';
import { installOperator, isOperatorInstalled, uninstallOperator } from '../support/release.ts';
import { runOnTerminal, type Terminal } from '../support/terminal.ts';

const root = join(import.meta.dirname, '../..');
let cluster: Cluster;
let images: { readonly operator: string; readonly sfu: string; readonly coturn: string };
let docs: string;

beforeAll(async () => {
  const say = startProgress();
  const built = await buildImages({ say });
  const coturn = await coturnImage(say);
  images = { operator: built.operator.ref, sfu: built.sfu.ref, coturn: coturn.ref };
  const archives = [built.operator.tar, built.sfu.tar, coturn.tar];
  cluster = await startCluster({ nodes: 3, images: archives, say });
  docs = await mkdtemp(join(tmpdir(), 'rtc-docs-'));
}, 300_000);
afterAll(async () => {
  await cluster.stop();
  await rm(docs, { recursive: true, force: true });
}, 60_000);

function playDemo(): Terminal {
  const env = {
    ...process.env,
    CLUSTER: 'current',
    KUBECONFIG: cluster.kubeconfig,
    IMAGE_OPERATOR: images.operator,
    IMAGE_SFU: images.sfu,
    IMAGE_COTURN: images.coturn,
    RTC_DOCS: docs,
  };
  return runOnTerminal('make --no-print-directory demo', { cwd: root, env });
}

/** Rejects at once when it ends instead. */
async function untilUp(terminal: Terminal): Promise<void> {
  let code: number | undefined;
  void terminal.ended.then((ended) => (code = ended));
  const isUp = (): boolean => terminal.output().includes('Ctrl-C ends it.');
  await eventually(() => (isUp() || code !== undefined ? undefined : terminal.output().slice(-300)), {
    timeoutMs: 480_000,
    intervalMs: 500,
  });
  if (!isUp()) throw new Error(`the demo ended with ${code}:\n${terminal.output().slice(-3000)}`);
}

test('the demo refuses a cluster whose operator is not its own, and says why', async () => {
  await installOperator(cluster, images);
  const terminal = playDemo();
  expect(await terminal.ended).not.toBe(0);
  expect(terminal.output()).toContain('the operator is installed in rtc-system already');
  expect(await isOperatorInstalled(cluster)).toBe(true);
  await uninstallOperator(cluster);
}, 180_000);

test('it plays, prints where to talk and look, serves the page until Ctrl-C, and then takes everything away', async () => {
  const terminal = playDemo();
  try {
    await untilUp(terminal);
    expect(terminal.output()).toMatch(/calls-sfu-\d is gone; nobody was cut off/);
    const [, url = ''] = /Talk yourself: (\S+)/.exec(terminal.output()) ?? [];
    expect(new URL(url).hostname).toBe('127.0.0.1');
    expect(await (await fetch(url)).text()).toContain('<title>');
    terminal.interrupt();
    expect(await terminal.ended).not.toBe(0);
    expect(terminal.output()).toContain('cleaning up');
    expect(terminal.output()).not.toContain('could not clean up');
    await expect(fetch(url)).rejects.toThrow();
    expect(await isOperatorInstalled(cluster)).toBe(false);
    expect(await cluster.kubectl('get', 'rtcclusters,turnservers', '-A', '-o', 'name')).toBe('');
    const pods = 'app.kubernetes.io/managed-by=rtc-operator';
    expect(await cluster.kubectl('get', 'pods', '-A', '--selector', pods, '-o', 'name')).toBe('');
  } finally {
    terminal.close();
  }
}, 540_000);
