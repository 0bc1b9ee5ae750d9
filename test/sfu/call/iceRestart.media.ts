import { expect, test } from '@jest/globals';

import { eventually } from '../../support/eventually.ts';
import { hears, type User } from './browser.ts';
import { browserStage } from './browserStage.ts';

const stage = browserStage();

/** ICE user name fragments of both sides, as the page knows them. */
const fragments = ({ page }: User): Promise<string[]> =>
  page.evaluate(
    `[client.pc.localDescription, client.pc.remoteDescription].map(({ sdp }) => /ice-ufrag:(\\S+)/.exec(sdp)[1])`,
  );

/** Bytes that came over the path that is used now. */
const received = ({ page }: User): Promise<number> =>
  page.evaluate(`(async () => {
    const stats = [...(await client.pc.getStats()).values()];
    const pair = stats.find(({ type, selectedCandidatePairId }) => type === 'transport' && selectedCandidatePairId);
    return stats.find(({ id }) => id === pair.selectedCandidatePairId).bytesReceived;
  })()`);

test.each([
  ['through the plugin', false],
  ['on the data channel', true],
])(
  'a call goes on over the new path when Chromium restarts ICE %s',
  async (_name, dcSignaling) => {
    const id = (name: string): string => `${name}${dcSignaling ? 'data' : 'plugin'}`;
    const ann = await stage.browser.enter('restart', id('ann'), { dcSignaling });
    const bob = await stage.browser.enter('restart', id('bob'), { dcSignaling });
    await ann.page.evaluate('client.speak(440)');
    await bob.page.evaluate('client.speak(880)');
    await hears(ann, id('bob'), 880);
    const before = await fragments(ann);

    await ann.page.evaluate('client.withLock(() => client.pc.restartIce())');
    const after = await fragments(ann);
    for (const [side, fragment] of after.entries()) expect(fragment).not.toBe(before[side]);
    const bytes = await received(ann);
    await eventually(async () => ((await received(ann)) > bytes ? undefined : 'nothing comes any more'));
    await hears(ann, id('bob'), 880);
    await hears(bob, id('ann'), 440);
    expect(await ann.page.evaluate('client.pc.iceConnectionState')).toBe('connected');

    const cyd = await stage.browser.enter('restart', id('cyd'), { dcSignaling });
    await cyd.page.evaluate('client.speak(1320)');
    await hears(ann, id('cyd'), 1320);
  },
  60_000,
);
