/**
 * `make demo`: installs the operator into a real Kubernetes, holds a call through
 * the pods it made, and takes one of them away while people talk. On a terminal
 * it stays up afterwards. `CLUSTER=current` plays it in the current kubeconfig's cluster.
 */
import { join } from 'node:path';

import { writeEvidence } from '../test/setup/evidence.ts';
import { prepare } from '../test/setup/prepare.ts';
import { startProgress } from '../test/setup/progress.ts';
import type { Say } from '../test/setup/progress.ts';
import { releaseNamespace } from '../test/support/release.ts';
import { launchChromium } from './browser/chromium.ts';
import { listenersOf, showMatrix, startMeeting, type Meeting } from './story/calls.ts';
import { createEnding, type Ending } from './story/ending.ts';
import { rssMiB } from './story/memory.ts';
import { figuresOf } from './story/report.ts';
import { scaleDown } from './story/scaleDown.ts';
import { memoryOfPods, placeOf, setTheStage, type Setting } from './story/setting.ts';

const screenshot = join(import.meta.dirname, '../docs/evidence/demo.png');
/** From here on, things had to be built first. */
const coldSetUpSeconds = 60;

/** Tells it all. Rejects when anything in the matrix is missing or a call is cut; `ending` closes what is open. */
export async function tellStory(say: Say, ending: Ending, startedMs: number): Promise<Setting> {
  const sinceStart = (): number => (Date.now() - startedMs) / 1000;
  await prepare(say);
  const setUpSeconds = sinceStart();
  const setting = await setTheStage(say, ending);
  const idle = await memoryOfPods(setting);
  const meeting = await holdCall(setting, say, ending);
  const beforeScaleDown = await showMatrix(listenersOf(meeting));
  const inCall = await memoryOfPods(setting);
  say(`kubectl get rtcclusters\n${await setting.fleet.table()}`);
  await meeting.people[0]?.page.screenshot({ path: screenshot });
  const { whileDraining, afterwards } = await scaleDown(setting, meeting, { say, ending });
  const operator = { namespace: releaseNamespace, pod: 'deploy/rtc-operator' };
  await writeEvidence(setUpSeconds > coldSetUpSeconds ? 'demo-first-run' : 'demo', 'make demo', {
    totalSeconds: sinceStart(),
    setUpSeconds,
    operatorRssMiB: await rssMiB(setting.stage.tools, operator),
    sfuIdleRssMiB: Math.max(...idle.values()),
    sfuFivePersonCallRssMiB: Math.max(...inCall.values()),
    beforeScaleDown: figuresOf(beforeScaleDown),
    whileDraining: figuresOf(whileDraining),
    afterScaleDown: figuresOf(afterwards),
  });
  say(
    `told in ${sinceStart().toFixed(0)} s, ${setUpSeconds.toFixed(0)} s of it set-up; figures: docs/figures.md, picture: ${screenshot}`,
  );
  return setting;
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
    `Talk yourself: ${door.pageUrl}/?call=town-hall`,
    `Look around: export KUBECONFIG=${stage.kubeconfig}`,
    'Ctrl-C ends it.',
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
  await new Promise(() => undefined);
}

if (import.meta.main) {
  const say = startProgress();
  const ending = createEnding(say);
  const exit = (code: number): void => void ending.end().then(() => process.exit(code));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(130));
  const startedS = process.env['RTC_STARTED_S'];
  try {
    const setting = await tellStory(
      say,
      ending,
      startedS === undefined ? Date.now() : Number(startedS) * 1000,
    );
    if (process.stdin.isTTY && process.stdout.isTTY) await stay(setting);
    exit(0);
  } catch (error) {
    say(`the story ended early: ${error instanceof Error ? error.message : String(error)}`);
    exit(1);
  }
}
