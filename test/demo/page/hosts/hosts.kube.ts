/** The host page against a real API server and a real operator, in a real browser; nodes and SFUs are fakes, the calls on them plain data. */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';

import { launchChromium } from '../../../../demo/browser/chromium.ts';
import { createDesk, type Desk } from '../../../../demo/page/hosts/desk.ts';
import { type ClusterWatch, watchCluster } from '../../../../demo/page/hosts/watch.ts';
import type { Call } from '../../../../demo/page/server/callBook.ts';
import { createWeb } from '../../../../demo/page/server/web.ts';
import { actsOn, namesOf, published } from '../../../operator/reconcile/acts.ts';
import { eventually } from '../../../support/eventually.ts';
import { stagePort } from '../../../support/kubeStage.ts';
import { personNamed } from './objects.ts';

const acts = actsOn({ nodes: 2 });
let watch: ClusterWatch;
let desk: Desk;
let web: Server;
let browser: Browser;
let page: Page;
let url: string;
let calls: readonly Call[] = [];

describe('the host page', () => {
  beforeAll(async () => {
    await acts.begin();
    await acts.two();
    const { namespace } = acts.calls;
    watch = await watchCluster({ namespace, name: 'calls', kubeconfig: acts.stage.cluster.kubeconfig });
    const nobodyHears = (): void => undefined;
    desk = createDesk({ calls: () => calls, hosts: () => [], watch, apiPort: stagePort, log: nobodyHears });
    web = await createWeb((...asked) => desk.handle(...asked));
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`${url}/hosts`);
  }, 120_000);

  afterAll(async () => {
    await browser.close();
    desk.close();
    web.closeAllConnections();
    web.close();
    await watch.close();
    await acts.end();
  }, 60_000);

  const card = (name: string, words: string): Promise<void> =>
    page.getByRole('listitem', { name }).getByText(words).first().waitFor();

  test('a click drains a pod, the page shows who talks on, and another click takes it back', async () => {
    const pods = await acts.calls.untilPods(2, published);
    const [pod] = pods;
    const { name } = pod!.metadata;
    const node = acts.stage.nodeOf(pod!);
    node.sfu.sessions = 2;
    const people = new Map(['Ada', 'Bruno'].map((who) => [who, personNamed(who)]));
    calls = [
      {
        callID: 'c',
        channel: 'town-hall',
        address: node.address,
        reason: 'lowest cpu_load (1)',
        asked: [],
        people,
      },
    ];
    desk.changed();
    await page.getByText('2 pods: 2 Published. 2 people in 1 call.').waitFor();
    await card(name, 'Ada and Bruno talk here.');
    await card(name, '0 % load, 2 in calls');

    await page.getByRole('button', { name: `Drain ${name}` }).press('Enter');
    await acts.calls.untilMember('Draining', 'SessionsActive');
    await card(name, 'Draining');
    await card(name, 'Ada and Bruno talk on here until they hang up: nobody is cut off');
    await page.locator('#events').getByText('DrainStarted').waitFor();
    await eventually(async () => {
      const { message } = await acts.calls.untilMember('Draining');
      return message?.includes('by call-page') === true
        ? undefined
        : `the operator tells: ${String(message)}`;
    });

    await page.getByRole('button', { name: `Take back the drain of ${name}` }).press('Enter');
    await page.getByText('2 pods: 2 Published. 2 people in 1 call.').waitFor();
    expect(namesOf(await acts.calls.untilPods(2, published))).toContain(name);
    await page.locator('#news').getByText(`${name} is Published`).waitFor({ state: 'attached' });
  }, 60_000);

  test('what another program on this machine sends is refused, whatever it asks for', async () => {
    const { name } = (await acts.calls.untilPods(2))[0]!.metadata;
    const ask = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}/hosts/wishes`, {
        ...{ method: 'POST', body: JSON.stringify({ pod: name, act: 'drain' }) },
        headers: { 'content-type': 'application/json', ...headers },
      });
    expect((await ask({})).status).toBe(403);
    expect((await ask({ origin: url, 'x-page-token': 'guessed' })).status).toBe(403);
    expect((await ask({ origin: 'http://evil.example' })).status).toBe(403);
    await acts.calls.untilPods(2, published);
  }, 30_000);
});
