/**
 * `make demo`: installs the operator into a real Kubernetes, holds a call through
 * the pods it made, one of the people by TURN alone, and takes one of them away while people talk. On a terminal
 * it stays up afterwards. `CLUSTER=current` plays it in the current kubeconfig's cluster.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { evidenceDir, writeEvidence } from '../test/setup/evidence.ts';
import { prepare } from '../test/setup/prepare.ts';
import { startProgress } from '../test/setup/progress.ts';
import type { Say } from '../test/setup/progress.ts';
import { releaseNamespace } from '../test/support/release.ts';
import { launchChromium } from './browser/chromium.ts';
import { listenersOf, showMatrix, showWays, startMeeting, type Meeting } from './story/calls.ts';
import { createEnding, type Ending } from './story/ending.ts';
import { rssMiB } from './story/memory.ts';
import { figuresOfStory, type StoryFigures } from './story/report.ts';
import { scaleDown } from './story/scaleDown.ts';
import { memoryOfPods, placeOf, setTheStage, type Setting } from './story/setting.ts';

/** In somebody's own cluster nothing is kept in the checkout unless that is wished. */
const isKept = process.env['CLUSTER'] !== 'current' || process.env['EVIDENCE'] === 'write';
const pictureDir = isKept ? evidenceDir : tmpdir();
const screenshot = join(pictureDir, 'demo.png');
const hostsPicture = join(pictureDir, 'demo-hosts.png');
/** A set-up that takes longer had to build things first; with `npm ci` alone, in a new checkout, it takes little more than a minute. */
const coldSetUpSeconds = 180;

/** What telling it left behind. */
export interface Told {
  readonly setting: Setting;
  /** In the form of `docs/evidence/`. */
  readonly figures: StoryFigures;
}

/** When it began, and where the picture of the page goes. */
export interface Telling {
  /** As `Date.now()`; counts from before the set-up. */
  readonly startedMs: number;
  readonly screenshot: string;
  /** And that of the host page. */
  readonly hostsPicture: string;
}

/** Tells it all. Rejects when anything in the matrix is missing or a call is cut; `ending` closes what is open. */
export async function tellStory(say: Say, ending: Ending, telling: Telling): Promise<Told> {
  const sinceStart = (): number => (Date.now() - telling.startedMs) / 1000;
  await prepare(say);
  const setUpSeconds = sinceStart();
  const setting = await setTheStage(say, ending);
  const idle = await memoryOfPods(setting);
  const meeting = await holdCall(setting, say, ending);
  const beforeScaleDown = await showMatrix(listenersOf(meeting));
  say('which way each one takes:');
  const ways = await showWays(listenersOf(meeting));
  const inCall = await memoryOfPods(setting);
  say(`kubectl get rtcclusters,turnservers\n${await setting.fleet.table()}`);
  await meeting.people[0]?.page.screenshot({ path: telling.screenshot });
  const heard = { beforeScaleDown, ...(await scaleDown(setting, meeting, { ...telling, say, ending })) };
  const operator = { namespace: releaseNamespace, pod: 'deploy/rtc-operator' };
  const operatorRssMiB = await rssMiB(setting.stage.tools, operator);
  const totalSeconds = sinceStart();
  say(`told in ${totalSeconds.toFixed(0)} s, ${setUpSeconds.toFixed(0)} s of it set-up`);
  return {
    setting,
    figures: figuresOfStory({ totalSeconds, setUpSeconds, operatorRssMiB, idle, inCall, ways, heard }),
  };
}

async function holdCall({ door }: Setting, say: Say, ending: Ending): Promise<Meeting> {
  say('three people in Chromium and two bots join one call');
  const browser = await launchChromium();
  ending.atEnd(() => browser.close());
  const meeting = await startMeeting(door, 'town-hall', browser);
  for (const bot of meeting.bots) {
    ending.atEnd(() => bot.leave());
    say(`${bot.name} talks through ${placeOf(bot.place)}`);
  }
  say('who hears whom:');
  return meeting;
}

/** Until Ctrl-C. */
async function stay({ door, stage }: Setting): Promise<void> {
  const lines = [
    `Drain a pod and see who talks on: ${door.pageUrl}/hosts`,
    `Talk yourself: ${door.pageUrl}/?call=town-hall`,
    `Look around: export KUBECONFIG=${stage.kubeconfig}`,
    'Ctrl-C ends it.',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
  await new Promise(() => undefined);
}

if (import.meta.main) {
  const startedS = process.env['RTC_STARTED_S'];
  const startedMs = startedS === undefined ? Date.now() : Number(startedS) * 1000;
  const say = startProgress(undefined, Date.now() - startedMs);
  const ending = createEnding(say);
  const exit = (code: number): void => void ending.end().then(() => process.exit(code));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(130));
  try {
    const { setting, figures } = await tellStory(say, ending, { startedMs, screenshot, hostsPicture });
    const name = figures.setUpSeconds > coldSetUpSeconds ? 'demo-first-run' : 'demo';
    const kept = isKept
      ? `figures: ${await writeEvidence(name, 'make demo', figures)}`
      : 'figures are kept with EVIDENCE=write';
    say(`${kept}, pictures: ${screenshot}, ${hostsPicture}`);
    if (process.stdin.isTTY && process.stdout.isTTY) await stay(setting);
    exit(0);
  } catch (error) {
    say(`the story ended early: ${error instanceof Error ? error.message : String(error)}`);
    exit(1);
  }
}
