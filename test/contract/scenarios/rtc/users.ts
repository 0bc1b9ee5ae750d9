/** People in a call with real browsers (wire spec 3, 4), each row in Chromium and in Firefox ESR. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';

import type { BrowserName } from '../../browser/browser.ts';
import { type BrowserUser, codecsOf, type EnterOptions } from '../../browser/user.ts';
import { type CommonScenario, type Scenario, scenarios } from '../../scenario.ts';
import type { Stage } from '../../stage.ts';
import { eventually } from '../../../support/eventually.ts';

type Enter = (more?: Partial<EnterOptions>) => Promise<BrowserUser>;

/** What users do; the same in every browser. */
const stories: readonly (Pick<CommonScenario, 'name' | 'spec'> & {
  readonly play: (enter: Enter) => Promise<void>;
  /** Firefox makes and judges no sound on a machine without a sound card. */
  readonly hasSound?: boolean;
})[] = [
  {
    name: 'Two users hear each other, and a late joiner hears both',
    hasSound: true,
    spec: '3.1',
    play: async (enter) => {
      const [ada, bruno] = [await enter(), await enter()];
      await ada.speak(440);
      await bruno.speak(880);
      await ada.hears(bruno.sessionID, 880);
      await bruno.hears(ada.sessionID, 440);
      const late = await enter();
      await late.hears(ada.sessionID, 440);
      await late.hears(bruno.sessionID, 880);
      for (const user of [ada, bruno, late]) deepStrictEqual(await user.errors(), []);
    },
  },
  {
    name: 'Mute silences a user and unmute brings them back',
    hasSound: true,
    spec: '3.7',
    play: async (enter) => {
      const [ada, bruno] = [await enter(), await enter()];
      await ada.speak(440);
      await bruno.hears(ada.sessionID, 440);
      await ada.mute();
      await bruno.hearsNothingOf(ada.sessionID);
      await ada.unmute();
      await bruno.hears(ada.sessionID, 440);
    },
  },
  {
    name: 'Users who signal on the data channel and by the plugin hear each other',
    hasSound: true,
    spec: '3.2',
    play: async (enter) => {
      const [ada, bruno] = [await enter({ dcSignaling: true }), await enter()];
      await Promise.all([ada.speak(440), bruno.speak(880)]);
      await ada.hears(bruno.sessionID, 880);
      await bruno.hears(ada.sessionID, 440);
      for (const user of [ada, bruno]) deepStrictEqual(await user.errors(), []);
    },
  },
  {
    name: 'A shared screen is seen by everyone else and by a late joiner, and is gone when it stops',
    spec: '3.8',
    play: async (enter) => {
      const [ada, bruno] = [await enter(), await enter()];
      await ada.share({ colour: 'red' });
      await bruno.sees(ada.sessionID, 'screen', 'red');
      const late = await enter();
      await late.sees(ada.sessionID, 'screen', 'red');
      await ada.unshare();
      await bruno.seesNothingOf(ada.sessionID);
      await late.seesNothingOf(ada.sessionID);
    },
  },
  {
    name: 'A screen comes with its sound, named so',
    hasSound: true,
    spec: '3.8',
    play: async (enter) => {
      const [ada, bruno] = [await enter(), await enter()];
      await ada.share({ colour: 'blue', hz: 660 });
      await bruno.sees(ada.sessionID, 'screen', 'blue');
      await bruno.hears(ada.sessionID, 660);
      const types = (await bruno.page.evaluate(
        'Object.values(client.types).map(({ type }) => type)',
      )) as string[];
      ok(types.includes('screen-audio'), types.join());
    },
  },
  {
    name: 'After one user stopped sharing another one shares',
    spec: '3.8',
    play: async (enter) => {
      const [ada, bruno, carla] = [await enter(), await enter(), await enter()];
      await ada.share({ colour: 'red' });
      await carla.sees(ada.sessionID, 'screen', 'red');
      await ada.unshare();
      await bruno.share({ colour: 'lime' });
      await carla.sees(bruno.sessionID, 'screen', 'lime');
      await ada.sees(bruno.sessionID, 'screen', 'lime');
    },
  },
  {
    name: 'The screen of a user who leaves is gone',
    spec: '3.15',
    play: async (enter) => {
      const [ada, bruno] = [await enter(), await enter()];
      await ada.share({ colour: 'red' });
      await bruno.sees(ada.sessionID, 'screen', 'red');
      await ada.leave();
      await bruno.seesNothingOf(ada.sessionID);
    },
  },
  {
    name: 'A webcam is seen, stops, and comes back on the same line under a new stream',
    spec: '3.9',
    play: async (enter) => {
      const [ada, bruno] = [await enter(), await enter()];
      await ada.showWebcam('red');
      await bruno.sees(ada.sessionID, 'video', 'red');
      await ada.hideWebcam();
      await ada.showWebcam('lime');
      await bruno.sees(ada.sessionID, 'video', 'lime');
      strictEqual(await bruno.page.evaluate('client.pictures.length'), 1);
    },
  },
  {
    name: 'Where UDP is blocked a call goes over TCP',
    spec: '3.4',
    play: async (enter) => {
      const tellCandidate = (line: string): boolean => / tcp /i.test(line);
      const [ada, bruno] = [await enter({ tellCandidate }), await enter({ tellCandidate })];
      await ada.share({ colour: 'red' });
      await bruno.sees(ada.sessionID, 'screen', 'red');
      const stats = (await bruno.page.evaluate('client.stats()')) as { remote: string };
      ok(stats.remote.startsWith('tcp '), stats.remote);
    },
  },
];

/** Scenarios of what only Chromium does. */
const chromiumOnly = scenarios([
  {
    name: 'A screen in two layers is seen by everyone (Chromium)',
    spec: '3.11',
    isSlow: true,
    run: async (stage) => {
      const enter = await callOf(stage, 'Chromium');
      const [ada, bruno] = [await enter(), await enter()];
      const encodings = [
        { rid: 'l', maxBitrate: 500_000, maxFramerate: 5 },
        { rid: 'h', maxBitrate: 2_500_000, maxFramerate: 20 },
      ];
      await ada.share({ colour: 'red', encodings });
      await bruno.sees(ada.sessionID, 'screen', 'red');
      const late = await enter();
      await late.sees(ada.sessionID, 'screen', 'red');
    },
  },
  {
    name: 'Who can receive AV1 gets AV1, everybody else VP8 (Chromium)',
    spec: '3.10',
    isSlow: true,
    run: async (stage) => {
      const enter = await callOf(stage, 'Chromium');
      const ada = await enter({ av1Support: true });
      const [modern, older] = [await enter({ av1Support: true }), await enter()];
      await ada.share({ colour: 'lime', av1: true });
      for (const user of [modern, older]) await user.sees(ada.sessionID, 'screen', 'lime');
      for (const [user, codec] of [
        [modern, 'video/AV1'],
        [older, 'video/VP8'],
      ] as const)
        await eventually(async () => {
          const codecs = await codecsOf(user);
          return codecs.join() === codec ? undefined : `${codecs.join()} in place of ${codec}`;
        });
    },
  },
  {
    name: 'A sender without AV1 is seen in VP8 by who could receive AV1 (Chromium)',
    spec: '3.10',
    isSlow: true,
    run: async (stage) => {
      const enter = await callOf(stage, 'Chromium');
      const [ada, modern] = [await enter(), await enter({ av1Support: true })];
      await ada.share({ colour: 'lime' });
      await modern.sees(ada.sessionID, 'screen', 'lime');
      deepStrictEqual(await codecsOf(modern), ['video/VP8']);
    },
  },
]);

/** Scenarios with Chromium. */
export const chromiumUsers: readonly Scenario[] = scenarios([
  ...storiesIn('Chromium', stories),
  ...chromiumOnly,
]);

/** Scenarios with Firefox. Its server has the address of the default route. */
export const firefoxUsers: readonly Scenario[] = scenarios([
  ...storiesIn(
    'Firefox',
    stories.filter(({ hasSound }) => hasSound !== true),
  ),
  {
    name: 'A user of Firefox receives the voice of one of Chromium, and each sees what the other shares',
    spec: '3.1',
    isSlow: true,
    run: async (stage) => {
      const [plugin, callID] = [await stage.plugin(), stage.id()];
      const ada = await stage.user('Chromium', { plugin, callID });
      const bruno = await stage.user('Firefox', { plugin, callID });
      await ada.speak(440);
      await eventually(async () => {
        const { received } = (await bruno.page.evaluate('client.stats()')) as { received: number };
        return received > 50 ? undefined : `${received} packets`;
      });
      await ada.share({ colour: 'red' });
      await bruno.sees(ada.sessionID, 'screen', 'red');
      await ada.unshare();
      await bruno.share({ colour: 'lime' });
      await ada.sees(bruno.sessionID, 'screen', 'lime');
    },
  },
]);

function storiesIn(name: BrowserName, some: typeof stories): readonly Scenario[] {
  return some.map((story) => ({
    name: `${story.name} (${name})`,
    spec: story.spec,
    isSlow: true,
    run: async (stage) => story.play(await callOf(stage, name)),
  }));
}

/** Enters users of one browser into one call. */
async function callOf(stage: Stage, name: BrowserName): Promise<Enter> {
  const [plugin, callID] = [await stage.plugin(), stage.id()];
  return (more = {}) => stage.user(name, { plugin, callID, ...more });
}
