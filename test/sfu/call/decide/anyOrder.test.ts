import { expect, test } from '@jest/globals';

import fc from 'fast-check';

import { rtcMessageType } from '../../../../sfu/protocol/messages.ts';
import { parseSdp, type RemoteSection } from '../../../../sfu/sdp/parse.ts';
import { type OfferedLine, World } from './world.ts';

/** A line as a client knows it. */
type KnownLine = Pick<RemoteSection, 'mid' | 'kind' | 'isRejected'>;

/** What one client knows of its m-lines, kept as strictly as a browser does (RFC 8829 5). */
class StrictClient {
  readonly sessionID: string;
  lines: KnownLine[] = [{ mid: '0', kind: 'application', isRejected: false }];
  hasOffer = false;
  hasMicrophone = false;
  /** Mid of the line of the screen that it shows. */
  picture: string | undefined;
  /** It has offered a line that the server does not know yet, so it offers nothing else before the answer. */
  awaitsAnswer = false;
  #pictures = 0;
  /** The next offer never reaches it. */
  losesNext = false;

  constructor(sessionID: string) {
    this.sessionID = sessionID;
  }

  /** Takes an offer as a browser would: a line keeps its mid for life, and a new mid only takes a rejected place. */
  take(sdp: string): void {
    if (this.losesNext) {
      this.losesNext = false;
      return;
    }
    const parsed = parseSdp(sdp);
    if (!parsed.ok) throw new Error(parsed.reason);
    const { sections } = parsed.description;
    expect(sections.length).toBeGreaterThanOrEqual(this.lines.length);
    expect(new Set(sections.map((section) => section.mid)).size).toBe(sections.length);
    for (const [index, line] of this.lines.entries()) {
      const isReused = sections[index]?.mid !== line.mid;
      if (isReused) expect(`${line.mid} ${line.isRejected}`).toBe(`${line.mid} true`);
      else if (line.isRejected) expect(sections[index]?.isRejected).toBe(true);
      else expect(sections[index]?.kind).toBe(line.kind);
    }
    this.lines = sections.map(({ mid, kind, isRejected }) => ({ mid, kind, isRejected }));
    this.hasOffer = true;
  }

  /** Takes an answer: what it rejects is off. */
  hear(sdp: string): void {
    const parsed = parseSdp(sdp);
    if (!parsed.ok) throw new Error(parsed.reason);
    this.lines = parsed.description.sections.map(({ mid, kind, isRejected }) => ({ mid, kind, isRejected }));
    this.awaitsAnswer = false;
  }

  /** Shows a screen on a new line, in a rejected place if there is one, as browsers do; or shows it no more. */
  togglePicture(): void {
    if (this.picture !== undefined) {
      this.picture = undefined;
      return;
    }
    this.picture = `p${(this.#pictures += 1)}`;
    const line: KnownLine = { mid: this.picture, kind: 'video', isRejected: false };
    const free = this.lines.findIndex(({ isRejected }) => isRejected);
    this.lines = free < 0 ? [...this.lines, line] : this.lines.with(free, line);
  }
}

const actions = [
  'unlock',
  'lock',
  'answer',
  'timeout',
  'lose',
  'microphone',
  'picture',
  'screenOn',
  'screenOff',
  'leave',
  'media',
  'lease',
] as const;
/** What happens more often than mishaps do. */
const usual = ['answer', 'answer', 'media', 'media', 'media', 'microphone', 'microphone', 'picture'] as const;
const step = fc.record({
  who: fc.integer({ min: 0, max: 2 }),
  action: fc.constantFrom(...actions, ...usual),
});

/** Plays one session's part, and media's, in whatever order is drawn. */
class Play {
  readonly world = new World();
  readonly clients = new Map<number, StrictClient>();
  #joined = 0;

  act({ who, action }: { readonly who: number; readonly action: (typeof actions)[number] }): void {
    const client = this.clients.get(who);
    if (client === undefined) this.#enter(who);
    else this.#do(client, who, action);
    this.#deliver();
  }

  /** What clears up after the storm. */
  calm(who: number): readonly (typeof actions)[number][] {
    const client = this.clients.get(who);
    if (client === undefined) return [];
    client.losesNext = false;
    const { phase } = this.world.session(client.sessionID).negotiation;
    const isLost = phase === 'offered' && !client.hasOffer;
    return isLost ? ['timeout', 'answer'] : ['unlock', 'media', 'answer'];
  }

  #enter(who: number): void {
    const sessionID = `user${(this.#joined += 1)}`;
    this.clients.set(who, new StrictClient(sessionID));
    this.world.join(sessionID).open(sessionID).offer(sessionID);
    this.world.happen({ type: 'transportConnected', sessionID }).say(sessionID, '01');
  }

  #do(client: StrictClient, who: number, action: (typeof actions)[number]): void {
    const { world } = this;
    const { sessionID } = client;
    const deeds: Record<(typeof actions)[number], () => void> = {
      lock: () => world.say(sessionID, '07'),
      unlock: () => world.say(sessionID, '08'),
      lease: () => world.happen({ type: 'timerFired', sessionID, timer: 'lease' }),
      timeout: () => world.happen({ type: 'timerFired', sessionID, timer: 'answer' }),
      lose: () => (client.losesNext = true),
      media: () => this.#media(sessionID),
      microphone: () => this.#microphone(client),
      picture: () => this.#picture(client),
      screenOn: () => world.announce(sessionID, 'screenStreamID', `screen-of-${sessionID}`),
      screenOff: () => world.rtc(sessionID, rtcMessageType.screenOff),
      answer: () => this.#answer(client),
      leave: () => {
        world.happen({ type: 'leave', sessionID });
        this.clients.delete(who);
      },
    };
    deeds[action]();
  }

  #answer(client: StrictClient): void {
    if (!client.hasOffer) return;
    client.hasOffer = false;
    this.world.describe(client.sessionID, 'answer', linesOf(client, this.world));
  }

  /** A client that knows the seeded line turns its microphone on or off, when it has not got our offer. */
  #microphone(client: StrictClient): void {
    if (client.hasOffer || client.awaitsAnswer || !isSeeded(client)) return;
    client.hasMicrophone = !client.hasMicrophone;
    this.world.offer(client.sessionID, linesOf(client, this.world));
    if (this.world.reasons().includes('ours is not answered yet'))
      client.hasMicrophone = !client.hasMicrophone;
  }

  /** The same for its screen. */
  #picture(client: StrictClient): void {
    const { phase } = this.world.session(client.sessionID).negotiation;
    if (client.hasOffer || phase === 'answering' || !isSeeded(client)) return;
    const before = { lines: client.lines, picture: client.picture };
    client.togglePicture();
    client.awaitsAnswer = true;
    this.world.offer(client.sessionID, linesOf(client, this.world));
    if (this.world.reasons().includes('ours is not answered yet'))
      Object.assign(client, before, { awaitsAnswer: false });
  }

  /** Media does what it has been asked for, and media maps arrive. */
  #media(sessionID: string): void {
    const { negotiation } = this.world.session(sessionID);
    if (negotiation.phase === 'answering')
      for (const mid of negotiation.awaited) this.world.produced(sessionID, mid);
    if (negotiation.phase === 'preparing')
      for (const addition of negotiation.additions)
        if (addition.consumer === undefined) this.world.consumed(sessionID, addition.mid);
    if (negotiation.phase === 'preparing')
      this.world.happen({ type: 'timerFired', sessionID, timer: 'mediaMap' });
  }

  /** Offers reach the clients that they are for. */
  #deliver(): void {
    for (const effect of this.world.history.splice(0)) {
      if (effect.type !== 'send' || effect.message.type !== 'rtc') continue;
      const { sessionID, data } = effect.message.message;
      const { type, sdp } = JSON.parse(Buffer.from(data ?? []).toString()) as { type: string; sdp: string };
      const client = [...this.clients.values()].find((one) => one.sessionID === sessionID);
      if (type === 'offer') client?.take(sdp);
      else client?.hear(sdp);
    }
  }
}

/** The client knows the line that its microphone takes. */
function isSeeded(client: StrictClient): boolean {
  return client.lines.some((line) => line.mid === 's0');
}

/** The client's own view of its lines, after the data section. */
function linesOf(client: StrictClient, world: World): OfferedLine[] {
  const known = new Map(world.session(client.sessionID).lines.map((line) => [line.mid, line]));
  return client.lines.slice(1).map(({ mid, kind: knownKind, isRejected }) => {
    const line = known.get(mid);
    const kind = knownKind === 'video' ? 'video' : 'audio';
    if (mid === client.picture)
      return { mid, kind, direction: 'sendonly', ssrc: 6, stream: `screen-of-${client.sessionID}` };
    if (mid === 's0' && client.hasMicrophone)
      return { mid, kind, isRejected, direction: 'sendrecv', ssrc: 5 };
    return { mid, kind, isRejected, direction: line?.outgoing == null ? 'inactive' : 'recvonly' };
  });
}

test('whatever order things happen in, offers follow the lines that a client knows, and all end up hearing and seeing all', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const play = new Play();
      for (const one of steps) play.act(one);
      // Then the storm is over: locks are given back, media and clients catch up.
      for (let round = 0; round < 8; round += 1)
        for (const who of [...play.clients.keys()])
          for (const action of play.calm(who)) play.act({ who, action });
      const { call } = play.world;
      for (const session of call.sessions.values()) {
        if (session.unansweredOffers > 0) continue; // Left alone until there is something new.
        const others = [...call.tracks.values()].filter(
          (track) => track.sessionID !== session.config.sessionID,
        );
        const sent = session.lines.flatMap((line) =>
          line.outgoing?.isFlowing === true ? line.outgoing.producerID : [],
        );
        expect(sent.sort()).toEqual(others.map((track) => track.producerID).sort());
        expect([session.negotiation.phase, session.lock.owner]).toEqual(['idle', null]);
      }
    }),
    { numRuns: 150 },
  );
});
