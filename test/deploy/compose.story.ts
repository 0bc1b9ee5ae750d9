/** `deploy/compose.yaml` as it is, with the image that `make images` builds. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { cleanup } from 'node-datachannel';

import { buildImages } from '../setup/images.ts';
import { blocksBy } from '../docs/harness/pages.ts';
import { freePort } from '../support/ports.ts';
import { eventually } from '../support/eventually.ts';
import { enter, hears, leave, unmute } from './conversation.ts';
import { connectPlugin, type PluginSocket } from './pluginSocket.ts';
import { createProject, type Project } from './podman.ts';

const client = { clientID: 'mm', authKey: 'k'.repeat(32) };
const container = 'prochat-rtcd';
let project: Project;
let url: string;

beforeAll(async () => {
  const { sfu } = await buildImages({ say: () => undefined });
  const port = await freePort({ count: 2 });
  const media = String(port + 1);
  url = `http://127.0.0.1:${port}`;
  // The only difference to what is shipped: ports that are free here, and loopback.
  project = await createProject(sfu, {
    RTCD_API_HTTP_LISTENADDRESS: `127.0.0.1:${port}`,
    RTCD_RTC_ICEADDRESSUDP: '127.0.0.1',
    RTCD_RTC_ICEADDRESSTCP: '127.0.0.1',
    RTCD_RTC_ICEPORTUDP: media,
    RTCD_RTC_ICEPORTTCP: media,
  });
}, 900_000);

afterAll(async () => {
  await project.remove();
  cleanup();
}, 60_000);

async function up(): Promise<void> {
  await project.compose('up', '-d');
  await eventually(async () => ((await fetch(`${url}/readyz`)).ok ? undefined : 'readiness'));
}

test('the guide tells to type what is run here', () => {
  const told = blocksBy('test/deploy/compose.story.ts');
  expect(told.filter((line) => line.includes('docker compose'))).toEqual([
    'RTC_PUBLIC_ADDRESS=203.0.113.10 docker compose up -d',
    'docker compose down',
  ]);
});

const plugin = (): Promise<PluginSocket> => connectPlugin(url.replace('http', 'ws'), client);

test('it runs without rights on a read-only root; down waits for the call; its clients are known again', async () => {
  await up();
  const [facts] = JSON.parse(await project.podman('inspect', container)) as [Inspected];
  expect(facts.HostConfig).toMatchObject({ ReadonlyRootfs: true, NetworkMode: 'host' });
  expect([facts.EffectiveCaps ?? [], facts.Config.User]).toEqual([[], '65532:65532']);

  await fetch(`${url}/register`, { method: 'POST', body: JSON.stringify(client) });
  const calls = await plugin();
  const [ann, ben] = [await enter(calls.join('call', 'ann')), await enter(calls.join('call', 'ben'))];
  await unmute(ann);
  await hears(ben, ann);

  const down = project.compose('down');
  await eventually(async () => {
    const { cpu_load: load } = (await (await fetch(`${url}/system`)).json()) as { cpu_load: number };
    return load === 1e9 ? undefined : `draining, cpu_load is ${load}`;
  });
  await hears(ben, ann, 100);
  await leave(ann);
  await leave(ben);
  expect(await down).toMatch(/Removing prochat-rtcd *\.\.\. *\S*done/);
  for (const peer of [ann, ben]) peer.close();

  await up();
  const again = await plugin();
  expect(again.received[0]).toMatchObject({ type: 'hello', clientID: 'mm' });
  again.socket.terminate();
  await project.compose('down');
}, 180_000);

interface Inspected {
  readonly EffectiveCaps: readonly string[] | null;
  readonly Config: { readonly User: string };
  readonly HostConfig: Readonly<Record<string, unknown>>;
}
