/** A session that has joined, and how the API shows it: where many scenarios begin. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { eventually } from '../../support/eventually.ts';
import { type Answer, ask } from '../http.ts';
import type { Plugin } from '../plugin.ts';
import type { ServerUnderTest } from '../server.ts';
import type { Client, Stage } from '../stage.ts';

/** The ids of one session. */
export interface Ids {
  readonly callID: string;
  readonly userID: string;
  readonly sessionID: string;
  readonly channelID: string;
}

/** A session with its client and its connection. */
export interface Joined {
  readonly client: Client;
  readonly ids: Ids;
  readonly plugin: Plugin;
}

/** New ids of a session; the same call when one is given. */
export function newIds({ id }: Stage, callID = id()): Ids {
  return { callID, userID: id(), sessionID: id(), channelID: id() };
}

/** A new client with one session in a call of its own. */
export async function joined(
  stage: Stage,
  { dcSignaling = false, server = stage.server }: { dcSignaling?: boolean; server?: ServerUnderTest } = {},
): Promise<Joined> {
  const client = await stage.register(server);
  const plugin = await stage.plugin(client, server);
  const ids = newIds(stage);
  plugin.join({ ...ids, av1Support: false, dcSignaling });
  await eventually(async () => missingSession(await sessionsOf(server, client, ids.callID)));
  return { client, ids, plugin };
}

/** What the API says about a call. */
export async function sessionsOf(server: ServerUnderTest, client: Client, callID: string): Promise<Answer> {
  return await ask(server, `/calls/${callID}/sessions`, { authorization: client.basic });
}

/** Why an answer shows no session; undefined when it shows one. */
export function missingSession({ status, text }: Answer): string | undefined {
  return status === 200 ? undefined : `${status} ${text}`;
}

/**
 * Resolves when the server has handled everything that was sent on this connection so far: messages of one
 * connection are handled in order (wire spec 2.7), so another session's join and leave come out behind them.
 */
export async function settled(stage: Stage, plugin: Plugin): Promise<void> {
  const ids = newIds(stage);
  plugin.join({ ...ids });
  plugin.leave(ids.sessionID);
  await plugin.waitFor('close', ids.sessionID);
}

/** The first offer of Chromium: a data channel and nothing else. Its candidates lead nowhere. */
export const firstOffer = {
  type: 'offer',
  sdp: readFileSync(join(import.meta.dirname, '../sdp/chromium-first-offer.sdp'), 'utf8').replace(
    /\r?\n/g,
    '\r\n',
  ),
} as const;

/** The candidates that a session was told so far, in its answer or one by one: `udp ADDRESS PORT host`, sorted, each once. */
export function candidatesIn(plugin: Plugin, sessionID: string): readonly string[] {
  const texts = plugin
    .about('rtc', sessionID)
    .map(({ data }) => Buffer.from(data['data'] as Uint8Array).toString());
  const lines = texts.flatMap((text) => [
    ...text.matchAll(/candidate:\S+ 1 (\w+) \d+ (\S+) (\d+) typ (\w+)([^"\\]*)/g),
  ]);
  const short = lines.map(([, protocol = '', address = '', port = '', type = '', more = '']) => {
    const tcpType = /tcptype (\w+)/.exec(more)?.[1];
    return `${protocol.toLowerCase()} ${address} ${port} ${type}${tcpType === undefined ? '' : ` ${tcpType}`}`;
  });
  return [...new Set(short)].sort();
}
