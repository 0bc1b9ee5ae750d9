import { encode } from '@msgpack/msgpack';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { Audio, cleanup, type DataChannel, type DescriptionType, PeerConnection } from 'node-datachannel';

import { BotPeer } from '../../../demo/bots/peer.ts';
import { audioLevelId, audioLevelUri } from '../../../demo/bots/offer.ts';
import { decodeDataChannel, encodeDataChannel } from '../../../demo/protocol/dataChannel.ts';
import { inflate } from '../../../demo/protocol/deflate.ts';
import { eventually } from '../../support/eventually.ts';

interface Description {
  readonly sdp: string;
  readonly type: DescriptionType;
}

/** A bot on loopback; what it would send to its server is kept. */
function startBot(): {
  readonly bot: BotPeer;
  readonly offers: Description[];
  readonly candidates: string[];
  readonly failures: string[];
} {
  const [offers, candidates, failures]: [Description[], string[], string[]] = [[], [], []];
  const bot = new BotPeer({
    name: 'bot',
    dcSignaling: false,
    bindAddress: '127.0.0.1',
    sendSdp: (deflated) =>
      void inflate(new Uint8Array(deflated)).then((json) => offers.push(JSON.parse(json) as Description)),
    sendCandidate: (candidate) => candidates.push((candidate as { candidate: string }).candidate),
    onPacket: () => undefined,
    onFailed: (reason) => failures.push(reason),
  });
  cleanUps.push(() => bot.close());
  return { bot, offers, candidates, failures };
}

/** A server's side that takes an offer and keeps its answer and its candidates until they are asked for. */
function startServer(): {
  readonly pc: PeerConnection;
  readonly answers: Description[];
  readonly candidates: string[];
} {
  const [answers, candidates]: [Description[], string[]] = [[], []];
  const pc = new PeerConnection('server', {
    iceServers: [],
    bindAddress: '127.0.0.1',
    forceMediaTransport: true,
  });
  pc.onLocalDescription((sdp, type) => answers.push({ sdp, type }));
  pc.onLocalCandidate((candidate) => candidates.push(candidate));
  cleanUps.push(() => pc.close());
  return { pc, answers, candidates };
}

const cleanUps: (() => void)[] = [];
afterEach(() => cleanUps.splice(0).forEach((cleanUp) => cleanUp()));
afterAll(() => cleanup());

const first = <T>(list: readonly T[], what: string): Promise<T> =>
  eventually(() => (list.length > 0 ? undefined : what)).then(() => list[0] as T);

test('a bot tells its address once it has the answer, or the server could shake hands with a stranger', async () => {
  const { bot, offers, candidates, failures } = startBot();
  const server = startServer();
  const offer = await first(offers, 'an offer');
  server.pc.setRemoteDescription(offer.sdp, offer.type);
  const answer = await first(server.answers, 'an answer');
  expect(candidates).toEqual([]);
  bot.signal(JSON.stringify(answer));
  server.pc.addRemoteCandidate(await first(candidates, 'an address of the bot'), '0');
  await bot.opened();
  expect(failures).toEqual([]);
});

test('candidates of the server may come before its answer', async () => {
  const { bot, offers, failures } = startBot();
  const server = startServer();
  const offer = await first(offers, 'an offer');
  server.pc.setRemoteDescription(offer.sdp, offer.type);
  const candidate = await first(server.candidates, 'a candidate of the server');
  bot.signal(JSON.stringify({ type: 'candidate', candidate: { candidate } }));
  bot.signal(JSON.stringify(server.answers[0]));
  await bot.opened();
  expect(failures).toEqual([]);
});

test('a bot that has left takes no notice of what comes late', async () => {
  const { bot, offers, failures } = startBot();
  const server = startServer();
  const offer = await first(offers, 'an offer');
  server.pc.setRemoteDescription(offer.sdp, offer.type);
  const candidate = await first(server.candidates, 'a candidate of the server');
  bot.signal(JSON.stringify(await first(server.answers, 'an answer')));
  bot.close();
  bot.signal(JSON.stringify({ type: 'candidate', candidate: { candidate } }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(failures).toEqual([]);
});

test('a connection that failed says so, whatever comes late', async () => {
  const { bot, offers, candidates, failures } = startBot();
  const server = startServer();
  const offer = await first(offers, 'an offer');
  server.pc.setRemoteDescription(offer.sdp, offer.type);
  const { sdp, type } = await first(server.answers, 'an answer');
  const ofAnother = sdp.replace(/(a=fingerprint:sha-256 )[0-9A-F:]+/, `$1${Array(32).fill('AA').join(':')}`);
  bot.signal(JSON.stringify({ sdp: ofAnother, type }));
  server.pc.addRemoteCandidate(await first(candidates, 'an address of the bot'), '0');
  await first(failures, 'a handshake that failed');
  bot.signal(JSON.stringify({ type: 'candidate', candidate: { candidate: server.candidates[0] } }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(failures[0]).toBe('the peer connection is failed');
  expect(failures.filter((reason) => reason.includes('candidate'))).toEqual([]);
});

test('a voice goes by the number of audio levels that an offer names while the bot waits for the lock', async () => {
  const { bot, offers, candidates } = startBot();
  const server = startServer();
  const channels: DataChannel[] = [];
  server.pc.onDataChannel((channel) => channels.push(channel));
  const offer = await first(offers, 'an offer');
  server.pc.setRemoteDescription(offer.sdp, offer.type);
  bot.signal(JSON.stringify(await first(server.answers, 'an answer')));
  server.pc.addRemoteCandidate(await first(candidates, 'an address of the bot'), '0');
  await bot.opened();
  const channel = await first(channels, 'a data channel');
  const asked = Promise.withResolvers<undefined>();
  channel.onMessage((bytes) => {
    if (decodeDataChannel(new Uint8Array(bytes as Buffer)).type === 'lock') asked.resolve(undefined);
  });
  const voice = bot.addVoice(1, 'stream');
  voice.catch(() => undefined); // Nobody answers it here.
  await asked.promise;

  const audio = new Audio('of-another', 'SendOnly');
  audio.addOpusCodec(111);
  audio.parseSdpLine(`a=extmap:7 ${audioLevelUri}`);
  audio.addSSRC(2, 'other', 'other', 'other-voice');
  const track = server.pc.addTrack(audio);
  server.pc.setLocalDescription('offer');
  await eventually(() => (server.answers.length > 1 ? undefined : 'an offer of the server'));
  bot.signal(JSON.stringify(server.answers[1]));
  await eventually(() => (offers.length > 1 ? undefined : 'an answer of the bot'));
  channel.sendMessageBinary(Buffer.concat([encodeDataChannel('lock'), encode(true)]));
  await eventually(() => (offers.length > 2 ? undefined : 'the offer of its voice'));
  const voiceOfBot = offers[2]!.sdp.split('\nm=').at(-1)!;
  expect(audioLevelId(`m=${voiceOfBot}`)).toBe(7);
  track.close();
});
