/** A browser with the client's part of a call in each page, and the plugin played around it. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect } from '@jest/globals';
import { chromium, type Page } from 'playwright-core';

import { quietFlags } from '../../../demo/browser/chromium.ts';
import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { eventually } from '../../support/eventually.ts';
import { clientScripts } from './clientScripts.ts';
import { descriptionOf, type Harness, type JoinProps, type PluginSession } from './harness.ts';
import type { Relay } from './relay.ts';

const flags = [
  ...quietFlags,
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** What tests do with a page, whichever browser it is in. */
export type CallPage = Pick<Page, 'close' | 'evaluate' | 'exposeFunction' | 'goto'>;

/** A browser that has been started. */
export interface Launched {
  newPage(): Promise<CallPage>;
  close(): Promise<void>;
}

/** One user: a page, and the plugin's side of its session. */
export interface User {
  readonly page: CallPage;
  readonly plugin: PluginSession;
}

/** How a user enters. */
export interface EnterOptions extends JoinProps {
  /** The client is told only of the candidates with this protocol and, if given, this address. */
  readonly only?: { readonly protocol: string; readonly address?: string };
  /** `RTCConfiguration` of the page's connection. Default: empty. */
  readonly rtc?: object;
  /** The client is told of this relay in place of the server. */
  readonly relay?: Relay;
}

/** What a page says of itself. */
export interface Stats {
  readonly received: number;
  readonly sent: number;
  readonly lost: number;
  readonly srtp: string;
  readonly remote: string;
  readonly state: string;
  readonly mids: string[];
}

/** A running browser. */
export interface CallBrowser {
  enter(callID: string, sessionID: string, options?: EnterOptions): Promise<User>;
  /** Everybody who entered leaves; nothing may have gone wrong in a page. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** Starts Chromium. */
export function launchChromium(more: readonly string[] = []): Promise<Launched> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: [...flags, ...more] });
}

/** Starts a browser, Chromium unless told otherwise. */
export async function startBrowser(
  harness: Harness,
  launch: () => Promise<Launched> = launchChromium,
): Promise<CallBrowser> {
  const site = await serveClient();
  const browser = await launch();
  const users: User[] = [];
  return {
    enter: async (callID, sessionID, options = {}) => {
      const plugin = harness.join(callID, sessionID, options);
      const user = { page: await browser.newPage(), plugin };
      users.push(user);
      await connect(user, site.url, options);
      return user;
    },
    clear: () => clear(harness, users.splice(0)),
    close: async () => {
      await browser.close();
      site.close();
    },
  };
}

async function serveClient(): Promise<{ readonly url: string; readonly close: () => void }> {
  const scripts = await Promise.all(clientScripts.map((file) => readFile(file, 'utf8')));
  const site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><body>${scripts.map((text) => `<script>${text}</script>`).join('')}`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(site.address() as AddressInfo).port}/`,
    close: () => void site.close(),
  };
}

async function connect({ page, plugin }: User, url: string, options: EnterOptions): Promise<void> {
  await page.exposeFunction('toPlugin', (json: string) =>
    plugin.send(rtcMessageType.sdp, JSON.parse(json) as unknown),
  );
  plugin.onMessage = (message) => {
    const description = descriptionOf(message);
    if (description === undefined) return;
    const told = toldTo(options, description.sdp);
    const json = JSON.stringify(JSON.stringify({ ...description, sdp: told }));
    // What fails in the page is in `client.errors`; what fails here is a page that is being closed.
    page.evaluate(`client.guard(() => client.signal(${json}))`).catch(() => undefined);
  };
  await page.goto(url);
  const { dcSignaling = false, rtc = {} } = options;
  await page.evaluate(`void start(${JSON.stringify({ dcSignaling, rtc })})`);
}

function toldTo({ only, relay }: EnterOptions, sdp: string): string {
  if (relay !== undefined) return relay.rewrite(sdp);
  if (only === undefined) return sdp;
  const { protocol, address } = only;
  return sdp.replaceAll(/a=candidate:\S+ \d+ (\w+) \d+ (\S+) .*\r\n/g, (line, ...[has, at]) =>
    has === protocol && (address === undefined || at === address) ? line : '',
  );
}

/** What went wrong in the page. */
export const errorsOf = ({ page }: User): Promise<string[]> => page.evaluate('client.errors');

/** Counters of the page's connection. */
export const statsOf = ({ page }: User): Promise<Stats> => page.evaluate('client.stats()');

/** Waits until a user hears a session's tone. */
export async function hears(user: User, sender: string, hz: number): Promise<void> {
  await eventually(async () => {
    const tracks = await heardBy(user);
    const found = tracks.some((one) => one.stream === sender && Math.abs(one.hz - hz) < 20 && !one.ended);
    return found
      ? undefined
      : `${sender} at ${hz} Hz: ${JSON.stringify(tracks)} ${(await errorsOf(user)).join()}`;
  });
}

/** Each track of sound that a page receives, with its loudest frequency. */
export const heardBy = ({
  page,
}: User): Promise<{ mid: string; stream: string; type: string; hz: number; ended: boolean }[]> =>
  page.evaluate('client.heard()');

/** Each picture that a page receives. */
export interface Seen {
  readonly mid: string;
  /** As the media map named it when the track came. */
  readonly type: string;
  readonly stream: string;
  readonly colour: string;
  readonly muted: boolean;
  readonly ended: boolean;
}

/** The pictures that a page receives now. */
export const seenBy = ({ page }: User): Promise<Seen[]> => page.evaluate('client.seen()');

/** Waits until a user sees a picture of a session in a colour, as what it should be. */
export async function sees(user: User, picture: Pick<Seen, 'stream' | 'type' | 'colour'>): Promise<void> {
  await eventually(
    async () => {
      const pictures = await seenBy(user);
      const found = pictures.some(
        (one) => one.stream === picture.stream && one.type === picture.type && one.colour === picture.colour,
      );
      return found
        ? undefined
        : `${JSON.stringify(picture)}: ${JSON.stringify(pictures)} ${(await errorsOf(user)).join()}`;
    },
    { timeoutMs: 15_000 },
  );
}

/** A client that closes its peer connection ends its session at once. */
async function clear(harness: Harness, users: readonly User[]): Promise<void> {
  const errors = await Promise.all(users.map(errorsOf));
  for (const user of users) await user.page.evaluate('client.leave()');
  // A page takes the sockets of its relays along: what it said last over TCP may still be on its way.
  await eventually(() => {
    const { sessions } = harness.service.counts();
    return sessions === 0 ? undefined : `${sessions} sessions remain`;
  });
  for (const user of users) await user.page.close();
  expect(errors.flat()).toEqual([]);
}
