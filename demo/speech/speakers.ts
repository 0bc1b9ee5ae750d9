/** Who talks in the demo: a voice, a text, and a pilot tone of one's own. */

/** One speaker. */
export interface Speaker {
  readonly name: string;
  /** A voice of espeak-ng, with its pitch (0..99) and words a minute. */
  readonly voice: string;
  readonly pitch: number;
  readonly wordsPerMinute: number;
  readonly text: string;
  /** Whole Hz, above most of what speech occupies; no tone is a multiple, the sum or the difference of others. */
  readonly toneHz: number;
}

/** Amplitude of the pilot tone: quiet enough that speech still rules the audio level. */
export const toneAmplitude = 0.006;

/** The five of the demo; tests take the first few. */
export const speakers: readonly Speaker[] = [
  {
    name: 'Ada',
    voice: 'en-gb+f3',
    pitch: 62,
    wordsPerMinute: 165,
    text: 'Good morning. Can everybody hear me? I would like to start with the plan for this week.',
    toneHz: 3109,
  },
  {
    name: 'Bruno',
    voice: 'en-us+m3',
    pitch: 38,
    wordsPerMinute: 160,
    text: 'Loud and clear. The media servers are up, and the operator says that all of them are published.',
    toneHz: 3533,
  },
  {
    name: 'Chloe',
    voice: 'en-gb-x-rp+f2',
    pitch: 55,
    wordsPerMinute: 175,
    text: 'Then let us take one of them away while we talk, and see whether anybody notices.',
    toneHz: 4421,
  },
  {
    name: 'Dimitra',
    voice: 'en-gb-scotland+f4',
    pitch: 58,
    wordsPerMinute: 170,
    text: 'I am a bot, but my voice is as good as yours. I count every packet that you send me.',
    toneHz: 4889,
  },
  {
    name: 'Emil',
    voice: 'en-us+m7',
    pitch: 30,
    wordsPerMinute: 155,
    text: 'And so do I. Nothing was lost so far, and I will tell you at once if that changes.',
    toneHz: 5387,
  },
  {
    name: 'Fanny',
    voice: 'en-029+f1',
    pitch: 60,
    wordsPerMinute: 165,
    text: 'We two have a call of our own, on the pod that nobody else is using just now.',
    toneHz: 5903,
  },
  {
    name: 'Gustav',
    voice: 'en-gb+m4',
    pitch: 42,
    wordsPerMinute: 150,
    text: 'Somebody wants this pod to go away. It will have to wait until we have said goodbye.',
    toneHz: 6469,
  },
];
