/** Figures from getStats: for the person every second, for the SFU's metrics every 10 s, for automation on request. */

import { wayIn } from './way.js';

const showEveryMs = 1000;
const tellEveryTicks = 10;

/** Shows through `show` until closed. */
export function createFigures(peer, show) {
  let before = new Map();
  let opened = new Map();
  let ticks = 0;

  const timer = setInterval(async () => {
    const now = await read(peer);
    const { packets, lost, jitterSeconds } = totals(now, before);
    const roundTripMs = now.roundTripMs ?? peer.pongMs();
    const lossRate = packets + lost > 0 ? lost / (packets + lost) : 0;
    const { way } = now;
    show({
      roundTripMs,
      lossRate,
      jitterBufferMs: jitterBufferMs(now, before),
      voices: now.voices.size,
      way,
    });
    before = now.voices;
    ticks += 1;
    if (ticks % tellEveryTicks === 0)
      peer.tellMetrics({ lossRate, jitterSeconds, roundTripSeconds: (roundTripMs ?? 0) / 1000 });
  }, showEveryMs);

  return {
    openWindow: async () => {
      opened = (await read(peer)).voices;
    },
    /** Since the window was opened: packets and loss per voice, the jitter buffer's delay, the round trip. */
    report: async () => {
      const now = await read(peer);
      const voices = [...now.voices].map(([mid, voice]) => {
        const start = opened.get(mid);
        return {
          mid,
          packets: voice.packets - (start?.packets ?? 0),
          lost: voice.lost - (start?.lost ?? 0),
          jitterBufferMs: jitterBufferMs({ voices: new Map([[mid, voice]]) }, opened),
        };
      });
      return { roundTripMs: now.roundTripMs ?? peer.pongMs(), voices };
    },
    close: () => clearInterval(timer),
  };
}

async function read(peer) {
  const voices = new Map();
  const stats = await peer.getStats();
  let roundTripMs;
  for (const entry of stats.values()) {
    if (entry.type === 'candidate-pair' && entry.nominated && entry.currentRoundTripTime !== undefined)
      roundTripMs = entry.currentRoundTripTime * 1000;
    if (entry.type === 'inbound-rtp' && entry.kind === 'audio')
      voices.set(entry.mid, {
        packets: entry.packetsReceived,
        lost: Math.max(0, entry.packetsLost),
        jitterSeconds: entry.jitter,
        bufferSeconds: entry.jitterBufferDelay,
        bufferCount: entry.jitterBufferEmittedCount,
      });
  }
  return { voices, roundTripMs, way: wayIn(stats) };
}

function totals(now, before) {
  const sum = { packets: 0, lost: 0, jitterSeconds: 0 };
  for (const [mid, voice] of now.voices) {
    sum.packets += voice.packets - (before.get(mid)?.packets ?? 0);
    sum.lost += voice.lost - (before.get(mid)?.lost ?? 0);
    sum.jitterSeconds = Math.max(sum.jitterSeconds, voice.jitterSeconds);
  }
  return sum;
}

/** The average time a sample spent in the jitter buffers since `before`; undefined when none came. */
function jitterBufferMs(now, before) {
  let seconds = 0;
  let count = 0;
  for (const [mid, voice] of now.voices) {
    seconds += voice.bufferSeconds - (before.get(mid)?.bufferSeconds ?? 0);
    count += voice.bufferCount - (before.get(mid)?.bufferCount ?? 0);
  }
  return count > 0 ? (seconds / count) * 1000 : undefined;
}
