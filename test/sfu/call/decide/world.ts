/** A call on paper: events in, effects out. Media and clients are played by the test. */
import { decide } from '../../../../sfu/call/decide/decide.ts';
import type { Effect } from '../../../../sfu/call/effects.ts';
import type { CallEvent } from '../../../../sfu/call/events.ts';
import { type Call, emptyCall, type Session } from '../../../../sfu/call/state.ts';
import type { MediaCommand } from '../../../../sfu/media/port.ts';
import { ppid } from '../../../../sfu/protocol/dataChannel.ts';
import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import type { IceCredentials } from '../../../../sfu/sdp/parse.ts';
import { descriptionText, lineAsItIs, type OfferedLine } from './offeredLine.ts';
import { profile, transport } from './playedMedia.ts';

export type { OfferedLine } from './offeredLine.ts';

type Of<T extends MediaCommand['type']> = Extract<MediaCommand, { readonly type: T }>;

/** What a join may say of the client. */
export interface JoinProps {
  readonly dcSignaling?: boolean;
  readonly av1Support?: boolean;
}

/** One call. */
export class World {
  call: Call = emptyCall('group', 'call');
  nowMs = 1000;
  /** Limits of the server; none unless a test sets some. */
  limits: { readonly tracksPerSession?: number } = {};
  /** The plugin connection that `rtc` messages come by. */
  connID = 'conn1';
  /** ICE credentials in the clients' descriptions. */
  credentials: IceCredentials | undefined;
  /** Of the last event. */
  effects: readonly Effect[] = [];
  /** Of all events, until a test takes them out. */
  readonly history: Effect[] = [];
  #producers = 0;

  /** Something happens. */
  happen(event: CallEvent): this {
    const decision = decide(this.call, event, {
      nowMs: this.nowMs,
      addresses: { kind: 'local' },
      ...this.limits,
    });
    this.call = decision.call;
    this.effects = decision.effects;
    this.history.push(...decision.effects);
    return this;
  }

  session(sessionID: string): Session {
    const session = this.call.sessions.get(sessionID);
    if (session === undefined) throw new Error(`${sessionID} is not in the call`);
    return session;
  }

  /** Media commands of the last event, of one type. */
  asked<T extends MediaCommand['type']>(type: T): Of<T>[] {
    return this.effects.flatMap((effect) =>
      effect.type === 'media' && effect.command.type === type ? [effect.command as Of<T>] : [],
    );
  }

  /** Reasons in the log lines of the last event. */
  reasons(): unknown[] {
    return this.effects.flatMap((effect) => (effect.type === 'log' ? [effect.fields['reason']] : []));
  }

  /** Messages of the last event for the plugin, with the descriptions in them read. */
  sent(): { readonly connID: string; readonly type: string; readonly text: string }[] {
    return this.effects.flatMap((effect) => {
      if (effect.type !== 'send') return [];
      const { connID, message } = effect;
      const data = message.type === 'rtc' ? Buffer.from(message.message.data ?? []).toString() : '';
      return [{ connID, type: message.type, text: data }];
    });
  }

  /** Descriptions of the last event that went through the plugin. */
  described(): { readonly type: string; readonly sdp: string }[] {
    return this.sent().flatMap(({ text }) =>
      text === '' ? [] : [JSON.parse(text) as { type: string; sdp: string }],
    );
  }

  /** Data-channel messages of the last event, as hex. */
  said(): string[] {
    return this.asked('sendData').map(({ data }) => Buffer.from(data).toString('hex'));
  }

  join(sessionID: string, { dcSignaling = false, av1Support = false }: JoinProps = {}): this {
    const channel = { channelID: 'channel', av1Support, dcSignaling };
    const config = {
      groupID: 'group',
      callID: 'call',
      userID: `user-${sessionID}`,
      sessionID,
      props: channel,
    };
    return this.happen({ type: 'join', connID: 'conn1', config });
  }

  open(sessionID: string): this {
    return this.happen(World.opened(sessionID));
  }

  /** Media has opened a transport. */
  static opened(sessionID: string): CallEvent {
    return { type: 'transportOpened', sessionID, transport, profile };
  }

  /** The client offers these lines after its data channel. */
  offer(sessionID: string, lines: readonly OfferedLine[] = []): this {
    return this.describe(sessionID, 'offer', lines);
  }

  /** The client answers, taking everything that our last offer has. */
  answer(sessionID: string, directions: Readonly<Record<string, string>> = {}): this {
    const lines = this.session(sessionID)
      .lines.slice(1)
      .map((line): OfferedLine => {
        const natural =
          line.outgoing === null ? (line.incoming === null ? 'inactive' : 'sendonly') : 'recvonly';
        const kind = line.kind === 'video' ? 'video' : 'audio';
        return {
          mid: line.mid,
          kind,
          direction: directions[line.mid] ?? natural,
          isRejected: line.isRejected,
        };
      });
    return this.describe(sessionID, 'answer', lines);
  }

  /**
   * The client offers all lines that it knows, as they are, with some of them
   * changed or added.
   */
  change(sessionID: string, lines: readonly OfferedLine[]): this {
    const known = this.session(sessionID).lines.slice(1).map(lineAsItIs);
    const kept = known.map((line) => lines.find(({ mid }) => mid === line.mid) ?? line);
    const added = lines.filter(({ mid }) => !known.some((line) => line.mid === mid));
    return this.offer(sessionID, [...kept, ...added]);
  }

  /** The plugin announces a stream. */
  announce(sessionID: string, key: 'screenStreamID' | 'videoStreamID', stream: string): this {
    const type = key === 'screenStreamID' ? rtcMessageType.screenOn : rtcMessageType.videoOn;
    return this.rtc(sessionID, type, Buffer.from(JSON.stringify({ [key]: stream })));
  }

  /** Types of the tracks that are served, with who sends them and by which codec. */
  served(): string[] {
    return [...this.call.tracks.values()].map((track) => `${track.sessionID} ${track.type} ${track.codec}`);
  }

  /** What the lines of a session carry towards it. */
  seen(sessionID: string): string[] {
    return this.session(sessionID).lines.flatMap(({ mid, outgoing }) =>
      outgoing === null ? [] : [`${mid} ${outgoing.type} ${outgoing.codec}`],
    );
  }

  /** Everybody's media and client catch up, or those of some, and the media maps arrive. */
  settle(sessionIDs: Iterable<string> = this.call.sessions.keys()): this {
    for (const sessionID of sessionIDs) this.#catchUp(sessionID);
    return this;
  }

  #catchUp(sessionID: string): void {
    for (let round = 0; round < 5; round += 1) {
      this.#prepareAll(sessionID);
      const { negotiation } = this.session(sessionID);
      if (negotiation.phase === 'preparing')
        this.happen({ type: 'timerFired', sessionID, timer: 'mediaMap' });
      if (this.session(sessionID).negotiation.phase !== 'offered') return;
      this.answer(sessionID);
    }
  }

  /** A message on the data channel, given as hex. */
  say(sessionID: string, hex: string): this {
    return this.happen({ type: 'dataReceived', sessionID, ppid: ppid.binary, data: Buffer.from(hex, 'hex') });
  }

  rtc(sessionID: string, type: number, data?: Uint8Array): this {
    const ids = { groupID: '', userID: '', callID: '', sessionID, type };
    return this.happen({
      type: 'rtc',
      connID: this.connID,
      message: data === undefined ? ids : { ...ids, data },
    });
  }

  /** Joined, connected, with an open data channel, and seeded. */
  enter(sessionID: string, props: JoinProps = {}): this {
    this.join(sessionID, props).open(sessionID).offer(sessionID);
    this.happen({ type: 'transportConnected', sessionID }).say(sessionID, '01');
    this.#prepareAll(sessionID);
    return this.answer(sessionID);
  }

  /** The client sends a voice on our first line. Returns the producer. */
  unmute(sessionID: string): string {
    const others = this.session(sessionID).lines.slice(2);
    this.offer(sessionID, [
      { mid: 's0', direction: 'sendrecv', ssrc: 77 },
      ...others.map((line): OfferedLine => ({
        mid: line.mid,
        kind: line.kind === 'video' ? 'video' : 'audio',
        direction: line.outgoing === null ? 'inactive' : 'recvonly',
        isRejected: line.isRejected,
      })),
    ]);
    return this.produced(sessionID, 's0');
  }

  produced(sessionID: string, mid: string): string {
    this.#producers += 1;
    const producerID = `producer${this.#producers}`;
    this.happen({ type: 'produced', sessionID, mid, producerID });
    return producerID;
  }

  /** Media has made a track ready. */
  consumed(sessionID: string, mid: string): this {
    const { negotiation } = this.session(sessionID);
    const additions = negotiation.phase === 'preparing' ? negotiation.additions : [];
    const producerID = additions.find((one) => one.mid === mid)?.track.producerID ?? '';
    return this.happen({
      type: 'consumed',
      sessionID,
      mid,
      producerID,
      consumerID: `consumer-${sessionID}-${mid}`,
      ssrc: 9,
    });
  }

  #prepareAll(sessionID: string): void {
    const { negotiation } = this.session(sessionID);
    if (negotiation.phase !== 'preparing') return;
    for (const { mid } of negotiation.additions) this.consumed(sessionID, mid);
  }

  describe(sessionID: string, type: 'offer' | 'answer', lines: readonly OfferedLine[]): this {
    const sdp = descriptionText(lines, this.credentials);
    return this.rtc(sessionID, rtcMessageType.sdp, Buffer.from(JSON.stringify({ type, sdp })));
  }
}
