/** Media on several addresses of both families, each way in used by a browser that is told of no other. */
import { test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { hears, statsOf } from './browser.ts';
import { browserStage } from './browserStage.ts';

const stage = browserStage({ addresses: ['127.0.0.1', '127.0.0.2', '::1'] });

test.each([
  ['udp', '127.0.0.2'],
  ['tcp', '127.0.0.2'],
  ['udp', '::1'],
  ['tcp', '::1'],
])(
  'Chromium is heard over %s to %s',
  async (protocol, address) => {
    const [annID, bobID] = [`ann ${protocol} ${address}`, `bob ${protocol} ${address}`].map((id) =>
      id.replaceAll(/\W/g, ''),
    ) as [string, string];
    const only = { protocol, address };
    const ann = await stage.browser.enter('addresses', annID, { only });
    const bob = await stage.browser.enter('addresses', bobID);
    await ann.page.evaluate('client.speak(440)');
    await hears(bob, annID, 440);
    // Chromium may name the pair in use before the candidate at its other end.
    await eventually(async () => {
      const { remote } = await statsOf(ann);
      const isThere = remote.replaceAll(/[[\]]/g, '').startsWith(`${protocol} ${address}:`);
      return isThere ? undefined : `the way is ${remote}`;
    });
  },
  60_000,
);
