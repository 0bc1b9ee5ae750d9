/** The Calls plugin in small: pages on one side, SFU hosts on the other, calls between them. */
import { randomBytes } from 'node:crypto';
import { inflateSync } from 'node:zlib';

import { type CallBook, type Call, createCallBook } from './callBook.ts';
import { type HostFrame, rtcType } from './frames.ts';
import type { Hosts } from './hosts.ts';
import { idOf } from './ids.ts';
import { Mailbox } from './mailbox.ts';
import type { AskedHost, FromPage, Person, Place, ToPage } from './pageMessages.ts';
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
  /** Called after each change of a call or of who is in it. */
  readonly onChange?: () => void;
}

type Join = Extract<FromPage, { type: 'join' }>;

/** The plugin's behaviour; the WebSockets of the pages are in `pageSocket.ts`. */
export class Plugin {
  readonly #deps: PluginDeps;
  readonly #book: CallBook = createCallBook();
  readonly #pages = new Map<string, SendToPage>();
  readonly #starting = new Map<string, Promise<Call>>();
  readonly #absent = new Map<string, NodeJS.Timeout>();
  /** Of what pages say and are told while their connections come and go. */
  readonly mailbox = new Mailbox();

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
    this.#book.put(call.channel, newcomer(sessionID, join.name));
    this.#pages.set(sessionID, send);
    if (!this.#deps.hosts().send(call.address, { type: 'join', join: frame })) {
      this.#remove(sessionID);
      throw new Error(`the host of this call, ${call.address}, cannot be reached`);
    }
    const place = await this.#placeOf(call);
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
    this.mailbox.collect(sessionID).forEach(send);
    this.#deps.hosts().send(call.address, { type: 'reconnect', sessionID });
    this.#publish(call.channel);
    return true;
  }

  /** A page's connection dropped: it has a while to come back, unless it is back on another one already. */
  dropped(sessionID: string, send: SendToPage): void {
    if (this.#pages.get(sessionID) !== send) return;
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
    this.#rtc(sessionID, rtcType.ice, jsonBytes(candidate));
  }

  /** Mute or unmute: told to the host and to everybody in the call. */
  setMuted(sessionID: string, isMuted: boolean): void {
    this.#rtc(sessionID, isMuted ? rtcType.mute : rtcType.unmute);
    this.#change(sessionID, { isMuted });
  }

  /** A screen is shared, or no more. One person of a call at a time: who comes second is told so. */
  setScreen(sessionID: string, screenStreamID: string | undefined): void {
    const people = [...(this.#book.callOf(sessionID)?.people.values() ?? [])];
    const other = people.find((person) => person.isSharing && person.sessionID !== sessionID);
    if (screenStreamID !== undefined && other !== undefined) {
      this.#pages.get(sessionID)?.({ type: 'denied', reason: `${other.name} is sharing a screen already` });
      return;
    }
    if (screenStreamID === undefined) this.#rtc(sessionID, rtcType.screenOff);
    else this.#rtc(sessionID, rtcType.screenOn, jsonBytes({ screenStreamID }));
    this.#change(sessionID, { isSharing: screenStreamID !== undefined });
  }

  /** A webcam is shown, or no more. */
  setVideo(sessionID: string, videoStreamID: string | undefined): void {
    if (videoStreamID === undefined) this.#rtc(sessionID, rtcType.videoOff);
    else this.#rtc(sessionID, rtcType.videoOn, jsonBytes({ videoStreamID }));
    this.#change(sessionID, { hasVideo: videoStreamID !== undefined });
  }

  /** One frame of a host. */
  onHostFrame(address: string, frame: HostFrame): void {
    switch (frame.type) {
      case 'rtc':
        this.#signal(frame.sessionID, Buffer.from(frame.data).toString());
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
    const { address, reason, asked } = choice;
    return this.#book.begin({ callID: newID(), channel, address, reason, asked });
  }

  async #placeOf({ address, reason, asked }: Call): Promise<Place> {
    const described = await this.#describe(address);
    const hosts = asked.map(async (one): Promise<AskedHost> => ({
      address: one.address,
      cpuLoad: one.cpuLoad ?? null,
      pod: (await this.#describe(one.address))?.pod ?? null,
    }));
    return { address, reason, pod: null, node: null, ...described, asked: await Promise.all(hosts) };
  }

  #describe(address: string): ReturnType<DescribeHost> {
    return this.#deps.describeHost(address).catch(() => undefined);
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

  #signal(sessionID: string, data: string): void {
    const send = this.#pages.get(sessionID);
    if (send !== undefined) send({ type: 'signal', data });
    else if (this.#absent.has(sessionID)) this.mailbox.keep(sessionID, { type: 'signal', data });
  }

  #change(sessionID: string, change: Parameters<CallBook['change']>[1]): void {
    if (this.#book.change(sessionID, change)) this.#publish(this.#book.callOf(sessionID)?.channel);
  }

  #remove(sessionID: string): void {
    const call = this.#book.remove(sessionID);
    this.#pages.get(sessionID)?.({ type: 'ended', reason: 'the session has ended' });
    this.#pages.delete(sessionID);
    this.mailbox.forget(sessionID);
    clearTimeout(this.#absent.get(sessionID));
    this.#absent.delete(sessionID);
    this.#publish(call?.channel);
  }

  #publish(channel: string | undefined): void {
    this.#deps.onChange?.();
    const call = channel === undefined ? undefined : this.#book.call(channel);
    if (call === undefined) return;
    const people = [...call.people.values()];
    for (const { sessionID } of people) this.#pages.get(sessionID)?.({ type: 'people', people });
  }
}

function newcomer(sessionID: string, name: string): Person {
  return { sessionID, name, isMuted: true, isSpeaking: false, isSharing: false, hasVideo: false };
}

function jsonBytes(value: object): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}

function newID(): string {
  return idOf(randomBytes(16));
}
