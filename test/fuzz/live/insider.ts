/** Sessions of an attacker who has a plugin of his own: joined and answered, with a path or without. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { rtcMessageType } from '../../../sfu/protocol/messages.ts';
import { descriptionOf, type PluginSession } from '../../sfu/call/harness.ts';
import { eventually } from '../../support/eventually.ts';
import { bindingRequest, type IceCredentials } from '../grammar/stun.ts';
import type { Plugin } from './plugin.ts';
import { openSender, type Sender } from './sockets.ts';

const offer = readFileSync(join(import.meta.dirname, '../../contract/sdp/chromium-first-offer.sdp'), 'utf8');

/** A session whose offer was answered: it is still without a path. */
export interface HalfOpen {
  readonly session: PluginSession;
  readonly credentials: IceCredentials;
}

/** Joins, offers, and waits for the answer. */
export async function openHalf(plugin: Plugin, callID: string, sessionID: string): Promise<HalfOpen> {
  const session = plugin.join(callID, sessionID);
  session.send(rtcMessageType.sdp, { type: 'offer', sdp: offer });
  const answer = (): string | undefined =>
    session.received.flatMap((message) => descriptionOf(message)?.sdp ?? [])[0];
  await eventually(() => (answer() === undefined ? `answer for ${sessionID}` : undefined), { intervalMs: 5 });
  const value = (name: string): string =>
    new RegExp(`^a=${name}:(.*?)\\r?$`, 'm').exec(answer() ?? '')?.[1] ?? '';
  return { session, credentials: { ufrag: value('ice-ufrag'), password: value('ice-pwd') } };
}

/** Takes a half-open session's path with a socket of its own: whatever this socket sends then is the session's. */
export async function takePath(credentials: IceCredentials, mediaPort: number): Promise<Sender> {
  const sender = openSender(mediaPort);
  await eventually(
    async () => {
      if (sender.received.length > 0) return undefined;
      await sender.send(bindingRequest(credentials, randomBytes(12)));
      return 'answer to a Binding request';
    },
    { intervalMs: 20 },
  );
  return sender;
}
