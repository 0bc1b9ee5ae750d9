/** Where a voice comes from: the microphone, or, for automation, a recording with a pilot tone. */

const toneGain = 0.006; // The same as in `demo/speech/speakers.ts`: speech still rules the audio level.

/** The person's microphone; asked for at the first unmute. `unplugged` is called when it goes away by itself. */
export function createMicrophone(unplugged) {
  let stream;
  let deviceId;
  const release = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
  };
  return {
    open: async () => {
      const choice = deviceId === undefined ? {} : { deviceId: { exact: deviceId } };
      stream ??= await navigator.mediaDevices.getUserMedia({
        audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...choice },
      });
      const [track] = stream.getAudioTracks();
      track.onended = () => {
        release();
        unplugged();
      };
      return { stream, track };
    },
    /** Another one from the next `open` on. */
    choose: (id) => {
      deviceId = id;
      release();
    },
    close: release,
  };
}

/** A WebAudio graph: `/speech/<speech>.wav` in a loop plus a sine of `toneHz`. */
export function createMadeMicrophone({ speech, toneHz }) {
  const context = new AudioContext({ sampleRate: 48_000 });
  const out = context.createMediaStreamDestination();
  let started;

  const start = async () => {
    await context.resume();
    if (speech) {
      const wav = await (await fetch(`/speech/${encodeURIComponent(speech)}.wav`)).arrayBuffer();
      const source = context.createBufferSource();
      source.buffer = await context.decodeAudioData(wav);
      source.loop = true;
      source.connect(out);
      source.start();
    }
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = toneHz;
    gain.gain.value = toneGain;
    tone.connect(gain).connect(out);
    tone.start();
  };

  return {
    open: async () => {
      started ??= start();
      await started;
      return { stream: out.stream, track: out.stream.getAudioTracks()[0] };
    },
    choose: () => undefined,
    close: () => void context.close(),
  };
}
