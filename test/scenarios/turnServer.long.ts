/**
 * People whom only TURN lets out hold a call through the coturns of a TurnServer, on a real cluster: while its secret is
 * replaced, its pods are renewed and one is drained, and whoever looks after it is killed. The old secret is taken for as
 * long as the last credential made with it, so that the rest of the story happens meanwhile.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ensureSpeech } from '../../demo/speech/speech.ts';
import type { Door } from '../../demo/story/calls.ts';
import type { MemberStatus } from '../../operator/api/rtccluster.ts';
import { tryAllocation } from '../../operator/facts/turn/tryAllocation.ts';
import { secretHash } from '../../operator/turn/secretHash.ts';
import { coturnImage } from '../setup/coturn.ts';
import { eventually } from '../support/eventually.ts';
import { keepFigures } from '../support/keepFigures.ts';
import { openFleetStage, type FleetStage } from './stage/fleetStage.ts';
import { createSaid, type Said } from './stage/said.ts';
import { startRelayCall, type RelayCall } from './stage/relayCall.ts';
import { TurnClients } from './stage/turnClients.ts';
import {
  applyTurnServer,
  readSecret,
  turnServerName,
  turnStageOf,
  type TurnStage,
} from './stage/turnStage.ts';

const silent = (): void => undefined;
const patience = { timeoutMs: 180_000, intervalMs: 200 };
let stage: FleetStage;
let turn: TurnStage;
let door: Door;
let call: RelayCall;
let clients: TurnClients;
let said: Said;
let old = '';
let operatorKills = 0;
/** What has to be closed, the last first. */
const opened: (() => Promise<void>)[] = [];
const heard = { calls: 0, packets: 0, lost: 0 };

beforeAll(async () => {
  const coturn = await coturnImage(silent);
  stage = await openFleetStage({
    nodes: 3,
    published: 1,
    spec: { replicas: 1, turn: { turnServerName: 'edge' } },
    archives: [coturn.tar],
    before: (cluster) => applyTurnServer(cluster, { image: coturn.ref, auth: { credentialTTLSeconds: 300 } }),
  });
  opened.push(() => stage.stop());
  turn = turnStageOf(stage.cluster);
  said = createSaid(stage.cluster);
  await turn.untilOnlyPublished(2);
  door = { pageUrl: stage.plugin.url, speechDir: await ensureSpeech({ say: silent }) };
}, 500_000);
afterAll(async () => {
  for (const close of opened.toReversed()) await close();
}, 120_000);

/** Through this coturn. */
async function beginCall(coturn: string | undefined): Promise<void> {
  heard.calls += 1;
  call = await startRelayCall({ door, call: `behind-firewalls-${heard.calls}`, coturn: coturn ?? '' });
  opened.push(() => call.end());
  await call.allHearAll();
}

async function endCall(): Promise<void> {
  await call.goesOn();
  const { packets, lost } = await call.heard();
  heard.packets += packets;
  heard.lost += lost;
  await call.end();
}

async function killOperator(): Promise<void> {
  operatorKills += 1;
  await said.collect();
  await stage.killOperator();
}

/** The call and all the other clients. */
async function nobodyNotices(): Promise<void> {
  await Promise.all([call.goesOn(), clients.go(3)]);
  expect(clients.refused).toEqual([]);
}

/** Waits until the Secret is as it should be. */
const untilSecret = (
  missing: (keys: Readonly<Record<string, string>>) => string | undefined,
): Promise<void> => eventually(async () => missing(await turn.secret()), patience);

const untilAnnotated = (key: string): Promise<void> =>
  eventually(async () => {
    const text = await stage.cluster.kubectl('get', 'secret', 'edge-turn', '-o', 'json');
    return text.includes(`"rtc.progressnet.gr/${key}"`) ? undefined : `${key} is not noted`;
  }, patience);

/** A pod that waits for its allocations, which the tests' coturn cannot count: it ends by itself with the last. */
async function untilLeaving(): Promise<MemberStatus> {
  let leaving: MemberStatus | undefined;
  await turn.until(({ members = [] }) => {
    leaving = members.find(({ state, reason }) => state === 'Draining' && reason === 'SessionsUnknown');
    return leaving === undefined ? 'no pod waits for its allocations' : undefined;
  });
  return leaving!;
}

/** Whoever is on it goes on, and goes when they want to; then so does the pod. */
async function seeOff({ name, address = '' }: MemberStatus): Promise<void> {
  await nobodyNotices();
  await said.collect();
  if (call.coturn === address) {
    await endCall();
    await beginCall((await turn.addresses())[0]);
  }
  await clients.leave(address);
  await turn.until(({ members = [] }) =>
    members.some((member) => member.name === name && member.state === 'Draining')
      ? `${name} is still there`
      : undefined,
  );
}

/** Of the keys of Secrets: a binding also says where SFUs are. */
const isSecret = /^secret$|key$|AUTH_KEY$|AUTH_SECRET$|Key$/i;

test('by UDP, TCP and TLS they hear and are heard, each over the relay alone', async () => {
  await beginCall((await turn.addresses())[0]);
  expect(await call.paths()).toEqual([
    `udp: relay udp turn:${turnServerName}:3478?transport=udp`,
    `tcp: relay tcp turn:${turnServerName}:3478?transport=tcp`,
    `tls: relay tls turns:${turnServerName}:5349?transport=tcp`,
  ]);
}, 300_000);

test('nobody notices that the secret is replaced, whenever the operator is killed', async () => {
  clients = new TurnClients({ addresses: () => turn.addresses(), turn: () => stage.turn() });
  opened.push(() => clients.end());
  await nobodyNotices();
  ({ secret: old = '' } = await turn.secret());
  await turn.annotate('turn-rotate', 'monday');
  await untilSecret(({ next }) => (next === undefined ? 'there is no next secret' : undefined));
  await killOperator();
  await untilSecret(({ previous }) => (previous === old ? undefined : 'the old secret is still made with'));
  await killOperator();
  await untilAnnotated('turn-switched');
  await killOperator();
  await nobodyNotices();
  await stage.restartMattermost();
  expect(stage.turn()?.secret).not.toBe(old);
  await nobodyNotices();
  const { secret = '' } = await turn.secret();
  await turn.annotate('turn-ack', secretHash(secret));
  await untilAnnotated('turn-adopted');
  await killOperator();
  await nobodyNotices();
}, 600_000);

test('a rollout renews each coturn when the last who was on it has gone', async () => {
  const { updateRevision: before } = await turn.status();
  await turn.patch({ limits: { mbitPerSession: 9 } });
  await turn.until(({ updateRevision }) => (updateRevision === before ? 'it was not seen' : undefined));
  for (let renewed = 0; renewed < 2; renewed += 1) {
    const leaving = await untilLeaving();
    if (renewed === 0) await killOperator();
    await seeOff(leaving);
  }
  await turn.until(({ updatedPods }) => (updatedPods === 2 ? undefined : `${updatedPods ?? 0} are renewed`));
  await turn.untilOnlyPublished(2);
  await nobodyNotices();
}, 600_000);

test('a coturn that a person drains is replaced, and goes when its call has ended', async () => {
  const { members = [] } = await turn.status();
  const { name } = members.find(({ address }) => address === call.coturn)!;
  await stage.cluster.kubectl('annotate', 'pod', name, 'rtc.progressnet.gr/requested-state=Draining');
  await seeOff(await untilLeaving());
  await turn.untilOnlyPublished(2);
  await nobodyNotices();
}, 400_000);

test('in the end no credential of the old secret begins anything, and who has begun with one goes on', async () => {
  await turn.until(
    ({ secrets }) => (secrets?.rotation === 'Stable' ? undefined : 'it is still taken'),
    500_000,
  );
  await killOperator();
  await eventually(async () => {
    const answers = await Promise.all((await turn.addresses()).map((host) => tryOld(host)));
    return answers.every((code) => code === 401) ? undefined : `answers: ${answers.join(', ')}`;
  }, patience);
  await nobodyNotices();
}, 700_000);

async function tryOld(host: string): Promise<number | string> {
  const server = { host, port: 3478, transport: 'udp' } as const;
  const answer = await tryAllocation({ server, secret: old });
  return answer.ok ? 'taken' : (answer.code ?? answer.reason);
}

test('no secret and no credential was said in any log, event, status or object that others read', async () => {
  await said.collect();
  const secrets = ['edge-turn', 'edge-turn-agent', 'calls-mattermost-env', 'calls-admin'];
  const values = await Promise.all(secrets.map((secret) => readSecret(stage.cluster, secret)));
  expect(old).not.toBe('');
  const words = values.flatMap((data) => Object.entries(data)).filter(([key]) => isSecret.test(key));
  expect(words.length).toBeGreaterThan(3);
  expect(clients.passwords.length).toBeGreaterThan(100);
  expect(said.found([old, ...words.map(([, value]) => value), ...clients.passwords])).toEqual([]);
}, 60_000);

test('the figures', async () => {
  await endCall();
  await clients.end();
  expect(clients.refused).toEqual([]);
  const { allocations, refreshes, portsTaken, refused } = clients;
  await keepFigures(
    'story-turnServer',
    { ...heard, dropped: 0, allocations, refreshes, portsTaken, refused: refused.length, operatorKills },
    'long test/scenarios/turnServer.long.ts',
  );
}, 120_000);
