/** Plays every voice; for automation also measures which pilot tones are in it. */

const fftSize = 32_768; // 0.7 s at 48 kHz, 1.5 Hz a bin.
const mostLooks = 16;
const lookEveryMs = 700; // Longer together than a speaker goes without a pause.
const clearDb = 30; // Twice what speech reaches by chance: no need to look again.

/** With `measures` the sound goes into an analyser and the loudspeaker stays silent. `speaker` undefined: the usual one. */
export function createEars({ measures, speaker }) {
  const context = measures ? new AudioContext({ sampleRate: 48_000 }) : undefined;
  const voices = new Map();

  let sinkId = speaker;

  const add = ({ mid, type, track, sessionID }) => {
    const stream = new MediaStream([track]);
    const audio = document.createElement('audio');
    audio.autoplay = true;
    audio.muted = measures; // Chromium feeds WebAudio only from streams that an element plays, even unheard.
    audio.srcObject = stream;
    playOn(audio, sinkId).catch(() => undefined); // It has been unplugged since it was chosen: the usual one plays.
    document.getElementById('sounds').append(audio);
    voices.get(mid)?.audio.remove();
    voices.set(mid, {
      audio,
      type,
      sessionID,
      trackID: track.id,
      analyser: measures ? analyse(context, stream) : undefined,
    });
    track.onended = () => {
      audio.remove();
      voices.delete(mid);
    };
  };

  return {
    add,
    /** Voices of others; the sound of a screen is none. */
    count: () => [...voices.values()].filter(({ type }) => type !== 'screen-audio').length,
    ownerOf: (mid) => voices.get(mid)?.sessionID,
    /** Another loudspeaker, for what plays and what comes. Rejects when the browser has it no more. */
    choose: async (id) => {
      sinkId = id;
      await Promise.all([...voices.values()].map(({ audio }) => playOn(audio, id)));
    },
    /** Per voice: whose it is, and how far each tone stood out at best, in dB over the noise around it. */
    report: async (tonesHz) => {
      if (tonesHz.length === 0) return [];
      await context?.resume();
      const best = new Map();
      for (let look = 0; look < mostLooks; look += 1) {
        if (look > 0) await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
        for (const [mid, { analyser }] of voices)
          best.set(mid, higher(best.get(mid), levels(analyser, tonesHz)));
        if ([...best.values()].every((found) => Math.max(...found) >= clearDb)) break;
      }
      return [...voices]
        .filter(([mid]) => best.has(mid))
        .map(([mid, { sessionID, trackID }]) => ({
          mid,
          sessionID,
          trackID,
          tones: tonesHz.map((toneHz, index) => ({ toneHz, overFloorDb: best.get(mid)[index] })),
        }));
    },
    close: () => {
      voices.forEach(({ audio }) => audio.remove());
      voices.clear();
      void context?.close();
    },
  };
}

/** Firefox asks for a loudspeaker otherwise, and some browsers have no choice. */
async function playOn(audio, sinkId) {
  if (sinkId !== undefined && audio.setSinkId !== undefined) await audio.setSinkId(sinkId);
}

function analyse(context, stream) {
  const analyser = context.createAnalyser();
  analyser.fftSize = fftSize;
  analyser.smoothingTimeConstant = 0;
  context.createMediaStreamSource(stream).connect(analyser);
  return analyser;
}

function higher(before, now) {
  return before === undefined ? now : now.map((level, index) => Math.max(level, before[index]));
}

/** dB of the loudest bin at each tone over the median of the bins around it. */
function levels(analyser, tonesHz) {
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(spectrum);
  const binHz = analyser.context.sampleRate / analyser.fftSize;
  return tonesHz.map((toneHz) => {
    const at = Math.round(toneHz / binHz);
    const around = [...spectrum.slice(at - 70, at - 12), ...spectrum.slice(at + 13, at + 71)].sort(
      (a, b) => a - b,
    );
    const floor = around[around.length >> 1];
    const tone = Math.max(...spectrum.slice(at - 2, at + 3));
    return Number.isFinite(tone) && Number.isFinite(floor) ? tone - floor : Number.isFinite(tone) ? 100 : 0;
  });
}
