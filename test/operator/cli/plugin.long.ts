/** `kubectl rtc`: kubectl itself finds the one file as its plugin, and asks it for completion. */
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureTools } from '../../cluster/tools.ts';
import { run } from '../../setup/run.ts';
import { cliActs } from '../../support/cliActs.ts';
import { buildPlugin, type Plugin } from '../../support/kubectlRtc.ts';

const { acts } = cliActs({ nodes: 2 });
let plugin: Plugin;
let kubectl: string;
beforeAll(async () => {
  plugin = await buildPlugin();
  ({ kubectl } = await ensureTools(() => undefined));
}, 60_000);
afterAll(() => plugin.remove());

async function typed(...words: readonly string[]): Promise<string> {
  const path = [plugin.dir, dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
  const env = { PATH: path, KUBECONFIG: acts.stage.cluster.kubeconfig };
  return (await run(kubectl, words, { env })).stdout;
}

test('kubectl runs it, and completes its verbs and names', async () => {
  await acts.two();
  const { namespace } = acts.calls;
  expect(await typed('rtc', 'status', '-n', namespace)).toMatch(/RTCCluster +\S+ +calls +2\/2/);
  expect(await typed('rtc', 'why', 'calls', '-n', namespace)).toContain('2 serving pods are wanted');
  expect(await typed('__complete', 'rtc', 'und')).toMatch(/^undrain\n:4\n/);
  expect(await typed('__complete', 'rtc', 'drain', '-n', namespace, '')).toMatch(
    /^calls-sfu-0\ncalls-sfu-1\n/,
  );
}, 60_000);
