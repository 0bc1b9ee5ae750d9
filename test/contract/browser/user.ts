/** A user in a browser: a page that plays the web client, and the plugin's side of its session. */
import { eventually } from '../../support/eventually.ts';
import type { Plugin } from '../plugin.ts';
import type { Browser } from './browser.ts';
import type { Remote } from './site.ts';

/** How a user enters. */
export interface EnterOptions {
  readonly plugin: Plugin;
  readonly callID: string;
  readonly userID: string;
  readonly sessionID: string;
  readonly dcSignaling?: boolean;
  readonly av1Support?: boolean;
  /** The browser's `RTCConfiguration`. */
  readonly rtc?: object;
  /** Which candidate lines the client is told; default: all. */
  readonly tellCandidate?: (line: string) => boolean;
}

/** What is shared: a picture of one colour. */
export interface Picture {
  readonly colour: 'red' | 'lime' | 'blue';
  readonly hz?: number;
  readonly av1?: boolean;
  readonly encodings?: readonly object[];
}

/** One user. */
export interface BrowserUser {
  readonly sessionID: string;
  readonly plugin: Plugin;
  readonly page: Remote;
  /** Unmutes for the first time with a tone. */
  readonly speak: (hz: number) => Promise<void>;
  readonly mute: () => Promise<void>;
  readonly unmute: () => Promise<void>;
  /** Waits until this tone of another session is heard. */
  readonly hears: (sender: string, hz: number) => Promise<void>;
  /** Waits until nothing of another session is heard. */
  readonly hearsNothingOf: (sender: string) => Promise<void>;
  readonly share: (picture: Picture) => Promise<void>;
  readonly unshare: () => Promise<void>;
  readonly showWebcam: (colour: string) => Promise<void>;
  readonly hideWebcam: () => Promise<void>;
  /** Waits until a picture of another session is seen, and named so by the media map. */
  readonly sees: (sender: string, type: string, colour: string) => Promise<void>;
  /** Waits until no picture of another session moves any more. */
  readonly seesNothingOf: (sender: string) => Promise<void>;
  /** What went wrong in the page. */
  readonly errors: () => Promise<readonly string[]>;
  readonly leave: () => Promise<void>;
}

const patience = { timeoutMs: 20_000, intervalMs: 200 };
const perCodec = 'client.receivedCodecs()';

/** Joins, and connects up to an open data channel. */
export async function enter(browser: Browser, options: EnterOptions): Promise<BrowserUser> {
  const { plugin, sessionID, callID, userID, dcSignaling = false, av1Support = false } = options;
  const page = await browser.open(sessionID);
  page.onPlugin = (json) => plugin.rtc(sessionID, 'sdp', JSON.parse(json) as unknown);
  plugin.onFrame(({ type, data }) => {
    if (type !== 'rtc' || data['session_id'] !== sessionID) return;
    const told = tell(Buffer.from(data['data'] as Uint8Array).toString(), options);
    if (told !== undefined) page.evaluate(`fromPlugin(${JSON.stringify(told)})`).catch(() => undefined);
  });
  plugin.join({ callID, userID, sessionID, channelID: callID, dcSignaling, av1Support });
  await page.evaluate(`void enter(${JSON.stringify({ dcSignaling })}, ${JSON.stringify(options.rtc ?? {})})`);
  const user = createUser(page, options);
  await eventually(async () => {
    const state = await page.evaluate("client.dc.readyState + ' ' + client.pc.connectionState");
    return state === 'open connected' ? undefined : `${String(state)} ${(await user.errors()).join()}`;
  }, patience);
  return user;
}

function createUser(page: Remote, { plugin, sessionID }: EnterOptions): BrowserUser {
  const errors = async (): Promise<readonly string[]> => (await page.evaluate('client.errors')) as string[];
  const until = async (expression: string, what: string): Promise<void> => {
    await eventually(async () => {
      const found = (await page.evaluate(expression)) as { readonly ok: boolean; readonly now: unknown };
      return found.ok ? undefined : `${what}: ${JSON.stringify(found.now)} ${(await errors()).join()}`;
    }, patience);
  };
  return {
    sessionID,
    plugin,
    page,
    errors,
    speak: async (hz) => {
      await page.evaluate(`client.speak(${hz})`);
      plugin.rtc(sessionID, 'unmute');
    },
    mute: async () => {
      await page.evaluate('client.mute()');
      plugin.rtc(sessionID, 'mute');
    },
    unmute: async () => {
      await page.evaluate('client.unmute()');
      plugin.rtc(sessionID, 'unmute');
    },
    hears: (sender, hz) =>
      until(
        `client.heard().then((now) => ({ now, ok: now.some((one) => one.stream === '${sender}' && Math.abs(one.hz - ${hz}) < 25) }))`,
        `${sender} at ${hz} Hz`,
      ),
    hearsNothingOf: (sender) =>
      until(
        `client.heard().then((now) => ({ now, ok: now.every((one) => one.stream !== '${sender}' || one.hz === 0) }))`,
        `silence of ${sender}`,
      ),
    share: async (picture) => {
      const told = JSON.stringify(picture);
      const screenStreamID = await page.evaluate(`client.prepare('screen', ${told})`);
      plugin.rtc(sessionID, 5, { screenStreamID });
      await page.evaluate(`client.share('screen', ${told})`);
    },
    unshare: async () => {
      await page.evaluate("client.unshare('screen')");
      plugin.rtc(sessionID, 6);
    },
    showWebcam: async (colour) => {
      const name = `webcam ${colour}`;
      const videoStreamID = await page.evaluate(`client.showWebcam('${name}', { colour: '${colour}' })`);
      plugin.rtc(sessionID, 9, { videoStreamID });
    },
    hideWebcam: async () => {
      await page.evaluate('client.hideWebcam([...client.shares.keys()].at(-1))');
      plugin.rtc(sessionID, 10);
    },
    sees: (sender, type, colour) =>
      until(
        `(() => { const now = client.pictures.map((one) => ({ stream: one.stream, type: client.types[one.mid]?.type, colour: one.colour() })); return { now, ok: now.some((one) => one.stream === '${sender}' && one.type === '${type}' && one.colour === '${colour}') }; })()`,
        `${type} of ${sender} in ${colour}`,
      ),
    seesNothingOf: (sender) =>
      until(
        `(() => { const now = client.pictures.map((one) => ({ stream: one.stream, muted: one.track.muted, state: one.track.readyState })); return { now, ok: now.every((one) => one.stream !== '${sender}' || one.muted || one.state === 'ended') }; })()`,
        `no picture of ${sender}`,
      ),
    leave: async () => {
      await page.evaluate('client.leave()');
      plugin.leave(sessionID);
      await plugin.waitFor('close', sessionID);
    },
  };
}

/** Codecs of the pictures that a page decodes. */
export async function codecsOf({ page }: BrowserUser): Promise<readonly string[]> {
  return (await page.evaluate(perCodec)) as string[];
}

/** What a client is told of a message; undefined when it is kept from it. */
function tell(json: string, { tellCandidate }: EnterOptions): string | undefined {
  if (tellCandidate === undefined) return json;
  const message = JSON.parse(json) as { type: string; sdp?: string; candidate?: { candidate: string } };
  if (message.candidate !== undefined) return tellCandidate(message.candidate.candidate) ? json : undefined;
  const lines = (message.sdp ?? '').split('\r\n');
  const kept = lines.filter((line) => !line.startsWith('a=candidate:') || tellCandidate(line));
  return JSON.stringify({ ...message, sdp: kept.join('\r\n') });
}
