/** Pure: mono 16-bit WAV, as the synthesiser writes it, and what is done to the samples. */

/** Mono samples, −1..1. */
export interface Sound {
  readonly sampleRate: number;
  readonly samples: Float32Array;
}

/** Reads the `fmt ` and `data` chunks. Throws on anything but mono 16-bit PCM. */
export function readWav(bytes: Uint8Array): Sound {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let sampleRate = 0;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = Math.min(view.getUint32(at + 4, true), bytes.length - at - 8);
    if (name === 'fmt ') {
      if (view.getUint16(at + 10, true) !== 1 || view.getUint16(at + 22, true) !== 16)
        throw new Error('not mono 16-bit PCM');
      sampleRate = view.getUint32(at + 12, true);
    }
    if (name === 'data') {
      const samples = Float32Array.from(
        { length: size >> 1 },
        (_, index) => view.getInt16(at + 8 + 2 * index, true) / 32768,
      );
      return { sampleRate, samples };
    }
    at += 8 + size + (size & 1);
  }
  throw new Error('no data chunk in the WAV file');
}

/** The bytes of a WAV file. */
export function writeWav(sound: Sound): Uint8Array {
  const bytes = new Uint8Array(44 + 2 * sound.samples.length);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string): void => bytes.set(new TextEncoder().encode(value), at);
  text(0, 'RIFF');
  view.setUint32(4, bytes.length - 8, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sound.sampleRate, true);
  view.setUint32(28, 2 * sound.sampleRate, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, 2 * sound.samples.length, true);
  sound.samples.forEach((sample, index) => view.setInt16(44 + 2 * index, Math.round(sample * 32767), true));
  return bytes;
}

/** Peak at 0.6, then silence up to a whole number of seconds plus one: a loop with a pause in it. */
export function normalise(sound: Sound): Sound {
  const peak = sound.samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 1e-6);
  const seconds = Math.ceil(sound.samples.length / sound.sampleRate) + 1;
  const samples = new Float32Array(seconds * sound.sampleRate);
  samples.set(sound.samples.map((sample) => (sample * 0.6) / peak));
  return { sampleRate: sound.sampleRate, samples };
}

/** Adds a sine. With a whole number of Hz and of seconds the loop has no seam. */
export function addTone(sound: Sound, toneHz: number, amplitude: number): Sound {
  const step = (2 * Math.PI * toneHz) / sound.sampleRate;
  return {
    sampleRate: sound.sampleRate,
    samples: sound.samples.map((sample, index) => sample + amplitude * Math.sin(step * index)),
  };
}

/** −dBov (RFC 6464) of each 20 ms, 0 to 127. */
export function audioLevels(sound: Sound): number[] {
  const perFrame = Math.round(sound.sampleRate / 50);
  const frames = Math.floor(sound.samples.length / perFrame);
  return Array.from({ length: frames }, (_, frame) => {
    const part = sound.samples.subarray(frame * perFrame, (frame + 1) * perFrame);
    const power = part.reduce((sum, sample) => sum + sample * sample, 0) / perFrame;
    return Math.min(127, Math.max(0, Math.round(-10 * Math.log10(power + 1e-13))));
  });
}
