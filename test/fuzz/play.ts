/** A call at the mercy of hostile clients: every event that bytes can cause, in any order, while media does what it is asked. */
import fc from 'fast-check';

import type { CallEvent } from '../../sfu/call/events.ts';
import type { Session } from '../../sfu/call/state.ts';
import type { Effect } from '../../sfu/call/effects.ts';
import type { MediaCommand } from '../../sfu/media/port.ts';
import { World } from '../sfu/call/decide/world.ts';
import { anyDataFrame, anyDescription } from './grammar/messages.ts';

type Timer = Extract<CallEvent, { readonly type: 'timerFired' }>['timer'];

const timers: readonly Timer[] = ['firstOffer', 'answer', 'lease', 'iceGrace'];
const sessions = ['ann', 'bob', 'cyd'] as const;

/** What a client says of its m-lines: of those that the call knows, then of as many more. */
const anyLines = fc.array(
  fc.record(
    {
      direction: fc.constantFrom('sendrecv', 'sendonly', 'recvonly', 'inactive'),
      isRejected: fc.nat(5).map((one) => one === 0),
      kind: fc.constantFrom('audio' as const, 'video' as const),
      mid: fc.constantFrom('0', '1', '2', 's0', 's1', 's2'),
      ssrc: fc.nat(4),
      stream: fc.constantFrom('stream', '-'),
      audioLevelID: fc.constantFrom(6, 7),
    },
    { requiredKeys: ['direction', 'isRejected', 'kind', 'mid'] },
  ),
  { maxLength: 8 },
);

/** What happens next, and to whom. */
const happening = fc.oneof(
  { weight: 1, arbitrary: fc.record({ what: fc.constant('join' as const) }) },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('enter' as const) }) },
  { weight: 4, arbitrary: fc.record({ what: fc.constant('unmute' as const) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant('answer' as const) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('leave' as const) }) },
  {
    weight: 8,
    arbitrary: fc.record({ what: fc.constant('media' as const), fails: fc.nat(9).map((one) => one === 0) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('describe' as const),
      type: fc.constantFrom('offer' as const, 'answer' as const),
      follows: fc.boolean(),
      lines: anyLines,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('rtc' as const),
      type: fc.integer({ min: -1, max: 12 }),
      data: anyDescription,
    }),
  },
  { weight: 3, arbitrary: fc.record({ what: fc.constant('data' as const), frame: anyDataFrame }) },
  {
    weight: 1,
    arbitrary: fc.record({ what: fc.constant('timer' as const), timer: fc.constantFrom(...timers) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('path' as const),
      state: fc.constantFrom(
        'connected' as const,
        'disconnected' as const,
        'failed' as const,
        'closed' as const,
      ),
    }),
  },
);

/** A step of a play. */
export const anyStep = fc.record({ who: fc.constantFrom(...sessions), happening });
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;
type Happening<T extends Step['happening']['what']> = Extract<Step['happening'], { readonly what: T }>;

type Asked = Extract<
  MediaCommand,
  { readonly type: 'openTransport' | 'connectTransport' | 'produce' | 'consume' }
>;

/** The call, media with its open questions, and everything that must be given back. */
export class Play {
  readonly world = new World();
  /** Sessions whose transport is open or being opened. */
  readonly transports = new Set<string>();
  /** `session timer` of those that run. */
  readonly timers = new Set<string>();
  #asked: Asked[] = [];
  #made = 0;

  /** Plays one step. Returns the number of effects it had. */
  step({ who, happening: one }: Step): number {
    const { world } = this;
    world.nowMs += 10;
    if (one.what === 'join') world.join(who);
    else if (isClientDeed(one)) this.#act(who, one);
    else world.happen(this.#event(who, one));
    return this.#settle();
  }

  /** Everybody leaves. */
  empty(): void {
    for (const sessionID of sessions) {
      this.world.happen({ type: 'leave', sessionID });
      this.#settle();
    }
  }

  /** Comes as far as to our first offer, with a media server that does all at once. */
  #enter(who: string): void {
    const { world } = this;
    const deeds = [() => world.join(who), () => world.offer(who), () => world.say(who, '01')];
    for (const deed of deeds) {
      deed();
      this.#settle();
      while (this.#asked.length > 0) {
        world.happen(this.#answer({ what: 'media', fails: false }));
        this.#settle();
      }
    }
  }

  /** What a client does that keeps to the protocol, more or less. */
  #act(who: string, one: Happening<'enter' | 'answer' | 'unmute' | 'describe'>): void {
    const session = this.world.call.sessions.get(who);
    if (one.what === 'describe') this.#describe(who, one);
    else if (one.what === 'enter' && session === undefined) this.#enter(who);
    else if (one.what === 'answer' && session !== undefined) this.world.answer(who);
    else if (one.what === 'unmute' && session !== undefined) this.#unmute(who, session);
  }

  /** An offer or answer about the lines that the call knows, if it follows them, with anything said of them. */
  #describe(who: string, { type, follows, lines }: Happening<'describe'>): void {
    const known = follows ? (this.world.call.sessions.get(who)?.lines.slice(1) ?? []) : [];
    const said = lines.map((line, index) => {
      const { mid, kind } = known[index] ?? line;
      return { ...line, mid, kind: kind === 'application' ? ('audio' as const) : kind };
    });
    this.world.describe(who, type, said);
  }

  #event(who: string, one: Happening<'leave' | 'media' | 'rtc' | 'data' | 'timer' | 'path'>): CallEvent {
    switch (one.what) {
      case 'leave':
        return { type: 'leave', sessionID: who };
      case 'media':
        return this.#answer(one);
      case 'rtc':
        return {
          type: 'rtc',
          connID: 'conn2',
          message: { groupID: '', userID: '', callID: '', sessionID: who, type: one.type, data: one.data },
        };
      case 'data':
        return { type: 'dataReceived', sessionID: who, ...one.frame };
      case 'timer':
        return { type: 'timerFired', sessionID: who, timer: one.timer };
      case 'path':
        return pathEvent(who, one.state);
    }
  }

  /** A microphone on our first line, everything else as it is. */
  #unmute(who: string, { lines }: Session): void {
    const offered = lines.slice(1).map(({ mid, kind, isRejected, outgoing }) => ({
      mid,
      kind: kind === 'video' ? ('video' as const) : ('audio' as const),
      isRejected,
      ...(mid === 's0'
        ? { direction: 'sendrecv', ssrc: 7 }
        : { direction: outgoing === null ? 'inactive' : 'recvonly' }),
    }));
    this.world.offer(who, offered);
  }

  /** Media answers the oldest question, well or not. */
  #answer({ fails }: Happening<'media'>): CallEvent {
    const command = this.#asked.shift();
    if (command === undefined) return { type: 'levels', tracks: [] };
    const { sessionID } = command;
    const mid = 'mid' in command ? command.mid : '';
    if (fails) return { type: 'failed', sessionID, command: command.type, mid, reason: 'played' };
    const id = `made${(this.#made += 1)}`;
    switch (command.type) {
      case 'openTransport':
        return World.opened(sessionID);
      case 'connectTransport':
        return { type: 'transportConnected', sessionID };
      case 'produce':
        return { type: 'produced', sessionID, mid, producerID: id };
      case 'consume':
        return {
          type: 'consumed',
          sessionID,
          mid,
          producerID: command.producerID,
          consumerID: id,
          ssrc: this.#made,
        };
    }
  }

  /** Takes note of the effects since the last time. */
  #settle(): number {
    const effects = this.world.history.splice(0);
    for (const effect of effects) this.#note(effect);
    return effects.length;
  }

  #note(effect: Effect): void {
    if (effect.type === 'startTimer') this.timers.add(`${effect.sessionID} ${effect.timer}`);
    if (effect.type === 'cancelTimer') this.timers.delete(`${effect.sessionID} ${effect.timer}`);
    if (effect.type === 'forget')
      for (const timer of timers) this.timers.delete(`${effect.sessionID} ${timer}`);
    if (effect.type === 'media') this.#noteCommand(effect.command);
  }

  #noteCommand(command: MediaCommand): void {
    const { sessionID } = command;
    if (command.type === 'openTransport') this.transports.add(sessionID);
    if (command.type === 'closeTransport') {
      this.transports.delete(sessionID);
      this.#asked = this.#asked.filter((one) => one.sessionID !== sessionID);
    }
    if (['openTransport', 'connectTransport', 'produce', 'consume'].includes(command.type))
      this.#asked.push(command as Asked);
  }
}

function isClientDeed(one: Step['happening']): one is Happening<'enter' | 'answer' | 'unmute' | 'describe'> {
  return ['enter', 'answer', 'unmute', 'describe'].includes(one.what);
}

function pathEvent(sessionID: string, state: Happening<'path'>['state']): CallEvent {
  if (state === 'failed') return { type: 'dtlsState', sessionID, state };
  return state === 'closed' ? { type: 'sctpClosed', sessionID } : { type: 'iceState', sessionID, state };
}
