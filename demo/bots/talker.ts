/** Speaks: one RTP packet every 20 ms by the clock, over and over, with a stamp in each. */
import type { Speech } from '../speech/speech.ts';
import { stampOpus } from './opusStamp.ts';
import type { Voice } from './outgoing.ts';
import { buildRtp } from './rtp.ts';

const packetMs = 20;
const ticksPerPacket = 960;

/** A talker that is paused until told to speak. */
export interface Talker {
  speak(): void;
  /** RTP stops, as a browser's does when its track is taken away. */
  pause(): void;
  /** Packets sent so far. */
  sent(): number;
  close(): void;
}

/** Talks `speech` on `voice` as `ssrc`. */
export function createTalker(voice: Voice, speech: Speech, ssrc: number): Talker {
  const startedMs = performance.now();
  let tick = 0;
  let sent = 0;
  let isSpeaking = false;
  const sendOne = (): void => {
    const index = tick % speech.opusPackets.length;
    const packet = speech.opusPackets[index];
    if (packet === undefined) return;
    const isSent = voice.send(
      buildRtp({
        payloadType: voice.payloadType,
        sequenceNumber: sent,
        timestamp: tick * ticksPerPacket,
        ssrc,
        payload: stampOpus(packet, process.hrtime.bigint()),
        audioLevel: { id: voice.audioLevelId, level: speech.audioLevels[index] ?? 127 },
      }),
    );
    if (isSent) sent += 1;
  };
  // A timer that comes late sends what was due meanwhile, so that the rate holds.
  const timer = setInterval(() => {
    const due = Math.floor((performance.now() - startedMs) / packetMs);
    for (; tick < due; tick += 1) if (isSpeaking) sendOne();
  }, packetMs / 2);
  return {
    speak: () => (isSpeaking = true),
    pause: () => (isSpeaking = false),
    sent: () => sent,
    close: () => clearInterval(timer),
  };
}
