/**
 * `npm run call -- --people 2 --seconds 60`: a call by hand, through an RTCCluster of the current kubeconfig's cluster and
 * without a Mattermost. Bots speak and listen; a page is printed on which a person joins them. Changes nothing in the cluster.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { startProgress } from '../test/setup/progress.ts';
import type { Say } from '../test/setup/progress.ts';
import { currentCluster } from '../test/cluster/current.ts';
import type { Bot } from './bots/bot.ts';
import { findCluster, type Found } from './call/found.ts';
import { callOptions, type CallOptions, usage } from './call/options.ts';
import { inCallLine } from './call/said.ts';
import { measureMatrix } from './matrix/measure.ts';
import { discoverByEndpointSlices } from './page/server/discovery.ts';
import { parseServiceUrl, startPageServer } from './page/server.ts';
import { speakers } from './speech/speakers.ts';
import { ensureSpeech } from './speech/speech.ts';
import { sendBot } from './story/calls.ts';
import { createEnding, type Ending } from './story/ending.ts';
import { placeOf } from './story/setting.ts';

/** Of a call, beside those of the person who holds it. */
const channel = 'by-hand';

/** Resolves to whether everybody heard everybody all the time. Rejects when nobody can join. */
export async function holdCall(say: Say, ending: Ending, options: CallOptions): Promise<boolean> {
  const tools = await currentCluster(say);
  ending.atEnd(() => tools.leave());
  const found = await findCluster((...args) => tools.kubectl(...args), options);
  const speechDir = await ensureSpeech({ say });
  const server = await openPage(found, { speechDir, kubectl: (...args) => tools.kubectl(...args) });
  ending.atEnd(() => server.close());
  const bots: Bot[] = [];
  for (const speaker of speakers.slice(0, options.people)) {
    const bot = await sendBot({ pageUrl: server.url, speechDir }, channel, speaker);
    ending.atEnd(() => bot.leave());
    bots.push(bot);
    say(`${bot.name} talks through ${placeOf(bot.place)}`);
  }
  say(`join them: ${server.url}/?call=${channel}   pods and calls, live: ${server.url}/hosts`);
  return untilOver(say, bots, options.seconds);
}

/** Looks again and again, and says it each time. */
async function untilOver(say: Say, bots: readonly Bot[], seconds: number): Promise<boolean> {
  const beganMs = performance.now();
  const tones = speakers.slice(0, bots.length).map(({ toneHz }) => toneHz);
  let isWell = true;
  for (let passedS = 0; passedS < seconds;) {
    const { missing } = bots.length > 1 ? await measureMatrix(bots, tones) : await alone();
    const wrong = [...bots.flatMap((bot) => bot.ended() ?? []), ...missing];
    isWell &&= wrong.length === 0;
    passedS = (performance.now() - beganMs) / 1000;
    say(inCallLine({ people: bots.length, seconds, passedS, wrong }));
  }
  return isWell;
}

/** A single one hears nobody, and there is nothing to measure. */
async function alone(): Promise<{ readonly missing: readonly string[] }> {
  await sleep(8_000);
  return { missing: [] };
}

function openPage(
  { wiring, namespace, name, service }: Found,
  {
    speechDir,
    kubectl,
  }: { readonly speechDir: string; readonly kubectl: (...args: readonly string[]) => Promise<string> },
): ReturnType<typeof startPageServer> {
  const { clientID, authKey, url, turn } = wiring;
  return startPageServer({
    discover: discoverByEndpointSlices(kubectl, { namespace, name: service }),
    identity: { clientID, authKey, apiPort: parseServiceUrl(url).apiPort },
    speechDir,
    turn: () => turn,
    cluster: { namespace, name },
  });
}

async function main(options: CallOptions): Promise<void> {
  const say = startProgress();
  const ending = createEnding(say);
  const exit = (code: number): void => void ending.end().then(() => process.exit(code));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => exit(130));
  try {
    const isWell = await holdCall(say, ending, options);
    say(isWell ? 'everybody heard everybody, all the time' : 'not everybody heard everybody: see above');
    exit(isWell ? 0 : 1);
  } catch (error) {
    say(`no call: ${error instanceof Error ? error.message : String(error)}`);
    exit(1);
  }
}

if (import.meta.main) {
  let options: CallOptions | undefined;
  try {
    options = callOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${usage}`);
    process.exitCode = 2;
  }
  if (options !== undefined) await main(options);
}
