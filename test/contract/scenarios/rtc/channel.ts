/** The data channel (wire spec 4). */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';

import { eventually } from '../../../support/eventually.ts';
import type { CallPeer } from '../../peer.ts';
import { scenarios } from '../../scenario.ts';
import { gauge } from '../samples.ts';

const granted = /^(07|cc07)c3$/;
const refused = /^(07|cc07)c2$/;
const pong = /^(02|cc02)$/;

/** Scenarios of one user's data channel. */
export const channel = scenarios([
  {
    name: 'A ping is answered by a pong, whether its type comes as JavaScript or as Go writes it',
    spec: '4.2',
    run: async (stage) => {
      const peer = await stage.peer();
      for (const hex of ['01', 'cc01', 'cd0001']) {
        const before = count(peer, pong);
        peer.say({ hex });
        await eventually(() => (count(peer, pong) > before ? undefined : `a pong for ${hex}`));
      }
    },
  },
  {
    name: 'A ping of an old mobile app is text and is answered by text',
    spec: '4.2',
    run: async (stage) => {
      const peer = await stage.peer();
      peer.say({ text: 'ping' });
      await eventually(() => (peer.channel.includes('pong') ? undefined : peer.channel.join()));
    },
  },
  {
    name: 'A channel under any other label is the channel too',
    spec: '4.1',
    run: async (stage) => {
      const peer = await stage.peer({ channelLabel: 'some-dc' });
      peer.say({ hex: '01' });
      await eventually(() => (count(peer, pong) > 0 ? undefined : 'a pong'));
    },
  },
  {
    name: 'The lock is granted once, refused while it is held, and granted again after an unlock',
    spec: '4.3',
    run: async (stage) => {
      const peer = await stage.peer();
      await lock(peer);
      peer.say({ hex: '07' });
      await eventually(() => (count(peer, refused) > 0 ? undefined : 'a refusal'));
      peer.say({ hex: '08' });
      await lock(peer);
    },
  },
  {
    name: 'A refusal of the lock comes at once: the server never lets a client wait',
    spec: '4.3',
    run: async (stage) => {
      const peer = await stage.peer();
      await lock(peer);
      const before = count(peer, refused);
      for (let request = 0; request < 5; request += 1) peer.say({ hex: '07' });
      await eventually(() => (count(peer, refused) === before + 5 ? undefined : 'five refusals'));
    },
  },
  {
    name: 'An unlock of a free lock does no harm',
    spec: '4.3',
    run: async (stage) => {
      const peer = await stage.peer();
      await lock(peer);
      for (let request = 0; request < 3; request += 1) peer.say({ hex: '08' });
      await lock(peer);
    },
  },
  {
    name: 'Each user has a lock of their own',
    spec: '4.3',
    run: async (stage) => {
      const callID = stage.id();
      const plugin = await stage.plugin();
      const [one, other] = [await stage.peer({ plugin, callID }), await stage.peer({ plugin, callID })];
      await lock(one);
      await lock(other);
    },
  },
  {
    name: 'A lock that its client never gives back is free again after a while',
    spec: '4.3',
    isSlow: true,
    quirk: {
      rtcd: 'keeps it for ever: the server can offer this user nothing any more',
      ours: 'ends the lease when no offer came within its time',
      reason: 'A client that gave up waiting for the lock still holds it when the grant came late.',
    },
    observe: async (stage) => {
      const peer = await stage.peer();
      await lock(peer);
      const isFree = await eventually(
        () => {
          const before = count(peer, granted);
          peer.say({ hex: '07' });
          return before > 1 ? undefined : 'a second grant';
        },
        { timeoutMs: 16_000, intervalMs: 500 },
      ).then(
        () => true,
        () => false,
      );
      return isFree ? 'ours' : 'rtcd';
    },
  },
  {
    name: 'Loss, round trip and jitter of a client come out in the metrics, as ints or floats',
    spec: '8',
    run: async (stage) => {
      const peer = await stage.peer();
      const labels = { groupID: peer.plugin.clientID };
      // Loss 0 as JavaScript writes it, 0.01 as a float64, then a round trip and a jitter.
      for (const hex of ['0400', '04cb3f847ae147ae147b', '05cb3fb999999999999a', '06ca3c23d70a'])
        peer.say({ hex });
      const counts = async (): Promise<readonly number[]> => [
        await gauge(stage.server, 'rtcd_rtc_client_loss_rate_count', labels),
        await gauge(stage.server, 'rtcd_rtc_client_rtt_count', labels),
        await gauge(stage.server, 'rtcd_rtc_client_jitter_count', labels),
      ];
      await eventually(async () => {
        const found = await counts();
        return found.join() === '2,1,1' ? undefined : found.join();
      });
      const sum = await gauge(stage.server, 'rtcd_rtc_client_rtt_sum', labels);
      ok(Math.abs(sum - 0.1) < 1e-6, `round trips add up to ${sum}`);
    },
  },
  {
    name: 'A message that nobody knows, or that is none, is ignored',
    spec: '4.2',
    run: async (stage) => {
      const peer = await stage.peer();
      for (const hex of ['63', '09', '02', 'c0', '03', '03c403010203', '04a161', 'ffffff', '81a161'])
        peer.say({ hex });
      peer.say({ text: 'hello' });
      const before = count(peer, pong);
      peer.say({ hex: '01' });
      await eventually(() => (count(peer, pong) > before ? undefined : 'a pong'));
      strictEqual(peer.failure(), undefined);
      strictEqual(peer.plugin.about('close', peer.sessionID).length, 0);
    },
  },
  {
    name: 'A session that has nothing to hear is offered no track',
    spec: '3.1',
    run: async (stage) => {
      const peer = await stage.peer();
      await lock(peer);
      const sections = peer.signals.flatMap(({ type, sdp = '' }) =>
        type === 'offer' ? [...sdp.matchAll(/a=msid:(\S+)/g)].map(([, id]) => id) : [],
      );
      deepStrictEqual(
        sections.filter((id) => id !== '-' && id !== ''),
        [],
      );
    },
  },
]);

function count(peer: CallPeer, pattern: RegExp): number {
  return peer.channel.filter((message) => pattern.test(message)).length;
}

/** Asks until it is granted, as clients do: the server may hold it for an offer of its own. */
async function lock(peer: CallPeer): Promise<void> {
  const before = count(peer, granted);
  let answered = count(peer, refused);
  peer.say({ hex: '07' });
  await eventually(() => {
    if (count(peer, granted) > before) return undefined;
    if (count(peer, refused) > answered) {
      answered = count(peer, refused);
      peer.say({ hex: '07' });
    }
    return 'the lock';
  });
}
