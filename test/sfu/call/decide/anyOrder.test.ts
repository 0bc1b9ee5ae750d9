import { expect, test } from '@jest/globals';

import fc from 'fast-check';

import { parseSdp } from '../../../../sfu/sdp/parse.ts';
import { type OfferedLine, World } from './world.ts';

/** What one client knows of its m-lines, kept as strictly as a browser does (RFC 8829 5). */
class StrictClient {
  readonly sessionID: string;
  lines: { readonly mid: string; readonly isRejected: boolean }[] = [{ mid: '0', isRejected: false }];
  hasOffer = false;
  hasMicrophone = false;
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
    }
    this.lines = sections.map(({ mid, isRejected }) => ({ mid, isRejected }));
    this.hasOffer = true;
  }

  /** Takes an answer: what it rejects is off. */
  hear(sdp: string): void {
    const parsed = parseSdp(sdp);
    if (!parsed.ok) throw new Error(parsed.reason);
    this.lines = parsed.description.sections.map(({ mid, isRejected }) => ({ mid, isRejected }));
  }
}

const actions = [
  'unlock',
  'lock',
  'answer',
  'timeout',
  'lose',
  'microphone',
  'leave',
  'media',
  'lease',
] as const;
/** What happens more often than mishaps do. */
const usual = ['answer', 'answer', 'media', 'media', 'media', 'microphone', 'microphone'] as const;
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
    if (client.hasOffer || !client.lines.some((line) => line.mid === 's0')) return;
    client.hasMicrophone = !client.hasMicrophone;
    this.world.offer(client.sessionID, linesOf(client, this.world));
    if (this.world.reasons().includes('ours is not answered yet'))
      client.hasMicrophone = !client.hasMicrophone;
  }

  /** Media does what it has been asked for. */
  #media(sessionID: string): void {
    const { negotiation } = this.world.session(sessionID);
    if (negotiation.phase === 'answering')
      for (const mid of negotiation.awaited) this.world.produced(sessionID, mid);
    if (negotiation.phase === 'preparing')
      for (const addition of negotiation.additions)
        if (addition.consumer === undefined) this.world.consumed(sessionID, addition.mid);
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

/** The client's own view of its lines, after the data section. */
function linesOf(client: StrictClient, world: World): OfferedLine[] {
  const known = new Map(world.session(client.sessionID).lines.map((line) => [line.mid, line]));
  return client.lines.slice(1).map(({ mid, isRejected }) => {
    const line = known.get(mid);
    const kind = mid === 's1' ? 'video' : 'audio';
    if (mid === 's0' && client.hasMicrophone)
      return { mid, kind, isRejected, direction: 'sendrecv', ssrc: 5 };
    return { mid, kind, isRejected, direction: line?.outgoing == null ? 'inactive' : 'recvonly' };
  });
}

test('whatever order things happen in, offers follow the lines that a client knows, and all end up hearing all', () => {
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
