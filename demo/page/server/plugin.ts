/** The Calls plugin in small: pages on one side, SFU hosts on the other, calls between them. */
import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';

import { type CallBook, type Call, createCallBook } from './callBook.ts';
import { type HostFrame, rtcType } from './frames.ts';
import type { Hosts } from './hosts.ts';
import { idOf } from './ids.ts';
import type { FromPage, ToPage } from './pageMessages.ts';
import { pluginRules } from './rules.ts';
import { type IceServer, iceServersFor, type TurnWiring } from './turn.ts';

/** Sends to one page; a page that is gone swallows it. */
export type SendToPage = (message: ToPage) => void;

/** Which pod and node an address belongs to. */
export type DescribeHost = (
  address: string,
) => Promise<{ readonly pod: string; readonly node: string } | undefined>;

/** What the plugin is made of. */
export interface PluginDeps {
  readonly hosts: () => Pick<Hosts, 'choose' | 'send'>;
  readonly describeHost: DescribeHost;
  /** What Mattermost knows of TURN servers now. Default: of none. */
  readonly turn?: () => TurnWiring | undefined;
  readonly log: (line: string) => void;
}

type Join = Extract<FromPage, { type: 'join' }>;

/** The plugin's behaviour; the WebSockets of the pages are in `pageSocket.ts`. */
export class Plugin {
  readonly #deps: PluginDeps;
  readonly #book: CallBook = createCallBook();
  readonly #pages = new Map<string, SendToPage>();
  readonly #starting = new Map<string, Promise<Call>>();
  readonly #absent = new Map<string, NodeJS.Timeout>();

  constructor(deps: PluginDeps) {
    this.#deps = deps;
  }

  /** The calls that are going on. */
  calls(): readonly Call[] {
    return this.#book.calls();
  }

  /** Lets a person in and tells them at once, as the plugin does; rejects with the reason why not. */
  async join(join: Join, send: SendToPage): Promise<string> {
    const call = await this.#callFor(join.call);
    const sessionID = newID();
    const ids = { callID: call.callID, userID: newID(), sessionID, channelID: call.channel };
    const frame = { ...ids, av1Support: false, dcSignaling: join.dcSignaling };
    this.#book.put(call.channel, { sessionID, name: join.name, isMuted: true, isSpeaking: false });
    this.#pages.set(sessionID, send);
    if (!this.#deps.hosts().send(call.address, { type: 'join', join: frame })) {
      this.#remove(sessionID);
      throw new Error(`the host of this call, ${call.address}, cannot be reached`);
    }
    const described = await this.#deps.describeHost(call.address).catch(() => undefined);
    const place = { address: call.address, reason: call.reason, pod: null, node: null, ...described };
    const iceServers = this.#iceServersOf(ids.userID);
    send({ type: 'joined', sessionID, callID: call.callID, call: call.channel, place, iceServers });
    this.#publish(call.channel);
    return sessionID;
  }

  /** A page is back on a new connection. False when its session has ended meanwhile. */
  reconnect(sessionID: string, send: SendToPage): boolean {
    const call = this.#book.callOf(sessionID);
    if (call === undefined) return false;
    clearTimeout(this.#absent.get(sessionID));
    this.#absent.delete(sessionID);
    this.#pages.set(sessionID, send);
    this.#deps.hosts().send(call.address, { type: 'reconnect', sessionID });
    this.#publish(call.channel);
    return true;
  }

  /** A page's connection dropped: it has a while to come back. */
  dropped(sessionID: string): void {
    this.#pages.delete(sessionID);
    const timer = setTimeout(() => this.leave(sessionID), pluginRules.userGraceMs.value);
    this.#absent.set(sessionID, timer.unref());
  }

  /** Ends a session on request. */
  leave(sessionID: string): void {
    const call = this.#book.callOf(sessionID);
    if (call !== undefined) this.#deps.hosts().send(call.address, { type: 'leave', sessionID });
    this.#remove(sessionID);
  }

  /** SDP of a page: base64 of zlib. Throws when it is too long or no zlib. */
  sdp(sessionID: string, base64: string): void {
    const compressed = Buffer.from(base64, 'base64');
    const limit = pluginRules.sdpCompressedMaxBytes.value;
    if (compressed.length > limit) throw new Error(`SDP of ${compressed.length} bytes is over ${limit}`);
    const data = inflateSync(compressed, { maxOutputLength: pluginRules.sdpMaxBytes.value });
    this.#rtc(sessionID, rtcType.sdp, data);
  }

  /** A candidate of a page. */
  ice(sessionID: string, candidate: object): void {
    this.#rtc(sessionID, rtcType.ice, Buffer.from(JSON.stringify(candidate)));
  }

  /** Mute or unmute: told to the host and to everybody in the call. */
  setMuted(sessionID: string, isMuted: boolean): void {
    this.#rtc(sessionID, isMuted ? rtcType.mute : rtcType.unmute);
    this.#change(sessionID, { isMuted });
  }

  /** One frame of a host. */
  onHostFrame(address: string, frame: HostFrame): void {
    switch (frame.type) {
      case 'rtc':
        this.#pages.get(frame.sessionID)?.({ type: 'signal', data: Buffer.from(frame.data).toString() });
        break;
      case 'vad':
        this.#change(frame.sessionID, { isSpeaking: frame.isSpeaking });
        break;
      case 'close':
        this.#remove(frame.sessionID);
        break;
      case 'hello':
        break;
      case 'unknown':
        this.#deps.log(`ignored a frame of ${address}: ${frame.reason}`);
    }
  }

  /** Two who come at the same moment get the same call: choosing a host is behind a lock, as in the plugin. */
  async #callFor(channel: string): Promise<Call> {
    const running = this.#book.call(channel) ?? this.#starting.get(channel);
    if (running !== undefined) return await running;
    const starting = this.#begin(channel).finally(() => this.#starting.delete(channel));
    this.#starting.set(channel, starting);
    return await starting;
  }

  async #begin(channel: string): Promise<Call> {
    const choice = await this.#deps.hosts().choose();
    if (!choice.ok) throw new Error(choice.reason);
    this.#deps.log(`call ${channel} goes to ${choice.address}: ${choice.reason}`);
    const { address, reason } = choice;
    return this.#book.begin({ callID: newID(), channel, address, reason });
  }

  #rtc(sessionID: string, type: number, data?: Uint8Array): void {
    const call = this.#book.callOf(sessionID);
    if (call === undefined) return;
    const frame = { type: 'rtc', sessionID, rtcType: type } as const;
    this.#deps.hosts().send(call.address, data === undefined ? frame : { ...frame, data });
  }

  #iceServersOf(user: string): readonly IceServer[] {
    const wiring = this.#deps.turn?.();
    return wiring === undefined ? [] : iceServersFor(wiring, { user, nowMs: Date.now() });
  }

  #change(sessionID: string, change: Parameters<CallBook['change']>[1]): void {
    if (this.#book.change(sessionID, change)) this.#publish(this.#book.callOf(sessionID)?.channel);
  }

  #remove(sessionID: string): void {
    const call = this.#book.remove(sessionID);
    this.#pages.get(sessionID)?.({ type: 'ended', reason: 'the session has ended' });
    this.#pages.delete(sessionID);
    clearTimeout(this.#absent.get(sessionID));
    this.#absent.delete(sessionID);
    this.#publish(call?.channel);
  }

  #publish(channel: string | undefined): void {
    const call = channel === undefined ? undefined : this.#book.call(channel);
    if (call === undefined) return;
    const people = [...call.people.values()];
    for (const { sessionID } of people) this.#pages.get(sessionID)?.({ type: 'people', people });
  }
}

function newID(): string {
  return idOf(randomBytes(16));
}
