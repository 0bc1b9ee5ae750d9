/** The last chapters: a pod is added as people come, and all but one are taken away while people talk. */
import type { Say } from '../../test/setup/progress.ts';
import type { Bot } from '../bots/bot.ts';
import type { Matrix } from '../matrix/matrix.ts';
import { speakers } from '../speech/speakers.ts';
import { listenersOf, sendBot, showMatrix, type Meeting } from './calls.ts';
import { drainByHand } from './drainByHand.ts';
import type { Ending } from './ending.ts';
import type { Member } from './fleet.ts';
import { placeOf, untilFlagged, type Setting } from './setting.ts';

/** What was heard on the big call, or on the one that stays when the other has ended. */
export interface ScaleDown {
  /** Of the big call, while its pod drains because somebody has clicked that. */
  readonly whileAsked: Matrix;
  readonly whileDraining: Matrix;
  readonly afterwards: Matrix;
}

/** Rejects when a call is cut, a new call goes to the pod that leaves, or somebody is not heard. */
export async function scaleDown(
  setting: Setting,
  meeting: Meeting,
  tell: { say: Say; ending: Ending; hostsPicture: string },
): Promise<ScaleDown> {
  const { fleet, server } = setting;
  const { say } = tell;
  const pair = await startPair(setting, meeting, tell);
  say(`three people for each pod:\n${await fleet.autoscale(3)}`);
  await fleet.untilPublished(3);
  say(`seven people talk, so there is a third pod\n${await fleet.table()}`);
  const whileAsked = await drainByHand(setting, meeting, tell);
  say(`three hundred for each pod, while all of them talk:\n${await fleet.autoscale(300)}`);
  const leaving = await fleet.untilDraining(podsOf(meeting, pair));
  await untilFlagged(server, leaving);
  const whileDraining = await showMatrix(listenersOf(meeting));
  await showMatrix(pair);
  say(`kubectl get rtcclusters,turnservers\n${await fleet.table()}`);
  await showNewCall(setting, leaving, say);
  const stays = await endCallOn(leaving, { meeting, pair }, say);
  await fleet.untilGone(leaving.name);
  say(`${leaving.name} is gone; nobody was cut off`);
  const afterwards = await showMatrix(stays);
  say(`kubectl get rtcclusters,turnservers\n${await fleet.table()}`);
  return { whileAsked, whileDraining, afterwards };
}

/** The pods with a call. */
function podsOf(meeting: Meeting, pair: readonly Bot[]): string[] {
  return [...meeting.bots, ...pair].flatMap(({ place }) => place.pod ?? []);
}

/** A second call goes to the pod with less to do, so that each pod has one. */
async function startPair(
  { door }: Setting,
  meeting: Meeting,
  { say, ending }: { say: Say; ending: Ending },
): Promise<readonly Bot[]> {
  say('two more bots have a call of their own');
  const pair: Bot[] = [];
  for (const speaker of speakers.slice(5, 7)) {
    const bot = await sendBot(door, 'pair', speaker);
    ending.atEnd(() => bot.leave());
    pair.push(bot);
  }
  const [first] = pair;
  const [dimitra] = meeting.bots;
  if (first === undefined || dimitra === undefined) throw new Error('the speakers of the calls are missing');
  say(`that call is on ${placeOf(first.place)}`);
  if (first.place.address === dimitra.place.address)
    throw new Error(`both calls are on ${placeOf(first.place)}: the load of a pod does not steer new calls`);
  return pair;
}

async function showNewCall({ door }: Setting, leaving: Member, say: Say): Promise<void> {
  const [someone] = speakers;
  if (someone === undefined) throw new Error('there are no speakers');
  const late = await sendBot(door, 'late', someone);
  const { place } = late;
  late.leave();
  if (place.address === leaving.address)
    throw new Error(`a new call went to ${leaving.name}, which is leaving`);
  say(`a new call goes to ${placeOf(place)}, not to ${leaving.name}`);
}

/** Everyone on the leaving pod says goodbye. Returns those who stay. */
async function endCallOn(
  leaving: Member,
  calls: { meeting: Meeting; pair: readonly Bot[] },
  say: Say,
): Promise<Parameters<typeof showMatrix>[0]> {
  const { meeting, pair } = calls;
  say(`the call on ${leaving.name} ends`);
  if (pair[0]?.place.address === leaving.address) {
    for (const bot of pair) bot.leave();
    return listenersOf(meeting);
  }
  for (const one of [...meeting.people, ...meeting.bots]) await one.leave();
  return pair;
}
