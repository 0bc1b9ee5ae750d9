/** Figures from getStats: for the person every second, for the SFU's metrics every 10 s, for automation on request. */
import { qualityOf } from '/facts/quality.ts';
import { roundTripMsIn, streamsIn } from '/facts/streams.ts';

import { wayIn } from './way.js';

const showEveryMs = 1000;
const tellEveryTicks = 10;

const isVoice = ({ kind, isSent }) => kind === 'audio' && !isSent;

/** Shows through `show` until closed: the whole connection, and by session how well each person comes through. */
export function createFigures(peer, { show, ownerOf, ownID }) {
  let before = [];
  let opened = [];
  let ticks = 0;

  const timer = setInterval(async () => {
    const { streams, roundTripMs, way } = await read(peer);
    const voices = streams.filter(isVoice);
    const { lossRate = 0, jitterMs = 0 } = qualityOf(voices, before, roundTripMs).numbers;
    show({
      ...{ roundTripMs, lossRate, way },
      jitterBufferMs: jitterBufferMs(voices, before),
      voices: voices.length,
      qualities: qualities({ streams, before, roundTripMs, ownerOf, ownID }),
    });
    before = streams;
    ticks += 1;
    if (ticks % tellEveryTicks === 0)
      peer.tellMetrics({
        lossRate,
        jitterSeconds: jitterMs / 1000,
        roundTripSeconds: (roundTripMs ?? 0) / 1000,
      });
  }, showEveryMs);

  return {
    openWindow: async () => {
      opened = (await read(peer)).streams;
    },
    /** Since the window was opened: packets and loss per voice, the jitter buffer's delay, the round trip. */
    report: async () => {
      const { streams, roundTripMs } = await read(peer);
      const voices = streams.filter(isVoice).map((voice) => {
        const start = sameIn(opened, voice);
        return {
          mid: voice.mid,
          packets: voice.packets - (start?.packets ?? 0),
          lost: voice.lost - (start?.lost ?? 0),
          jitterBufferMs: jitterBufferMs([voice], opened),
        };
      });
      return { roundTripMs, voices };
    },
    close: () => clearInterval(timer),
  };
}

async function read(peer) {
  const stats = await peer.getStats();
  const entries = [...stats.values()];
  const roundTripMs = roundTripMsIn(entries) ?? peer.pongMs();
  return { streams: streamsIn(entries), roundTripMs, way: wayIn(stats) };
}

/** By session: of the others what we receive of them, of ourselves what we send. */
function qualities({ streams, before, roundTripMs, ownerOf, ownID }) {
  const bySession = new Map([[ownID, []]]);
  for (const stream of streams) {
    const owner = stream.isSent ? ownID : ownerOf(stream.mid);
    if (owner !== undefined) bySession.set(owner, [...(bySession.get(owner) ?? []), stream]);
  }
  return new Map([...bySession].map(([owner, own]) => [owner, qualityOf(own, before, roundTripMs)]));
}

function sameIn(streams, { mid, kind, isSent }) {
  return streams.find((one) => one.mid === mid && one.kind === kind && one.isSent === isSent);
}

/** The average time a sample spent in the jitter buffers since `before`; undefined when none came. */
function jitterBufferMs(voices, before) {
  let seconds = 0;
  let count = 0;
  for (const voice of voices) {
    const start = sameIn(before, voice);
    seconds += voice.bufferSeconds - (start?.bufferSeconds ?? 0);
    count += voice.bufferCount - (start?.bufferCount ?? 0);
  }
  return count > 0 ? (seconds / count) * 1000 : undefined;
}
