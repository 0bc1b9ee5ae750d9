/** What one client may do to the others: nothing. */
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { bytes, type Door, join, openDoor } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

describe('limits of one client', () => {
  test('one connection too many is answered 429 with the reason; another client still comes in', async () => {
    await door.close();
    door = await openDoor({ connectionsPerClient: 2 });
    const [first] = await Promise.all([door.plugin('a'), door.plugin('a')]);
    await expect(door.plugin('a')).rejects.toThrow('429');
    await door.plugin('b');
    expect(door.logged.map(({ reason }) => reason)).toContain(
      'limit of 2 connections of a client is reached (limits.connections_per_client)',
    );
    expect(door.counted).toContain('a limited connections');
    first.socket.terminate();
    await eventually(() => (door.connections.count('a') === 1 ? undefined : 'the first is still known'));
    await door.plugin('a');
  });

  test('many that knock at the same time do not get beyond it', async () => {
    await door.close();
    door = await openDoor({ connectionsPerClient: 2 });
    const opened = await Promise.allSettled(Array.from({ length: 6 }, () => door.plugin('herd')));
    expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(door.connections.count('herd')).toBe(2);
  });

  test('who is read slowly is not taken for one who does not pong', async () => {
    await door.close();
    door = await openDoor({
      messagesPerSecond: 20,
      pingIntervalMs: 50,
      pongTimeoutMs: 1_000,
      mostPauseMs: 100,
    });
    const fast = await door.plugin('a');
    const channelID = 'c'.repeat(100_000); // So that pongs wait behind them: seconds of reading.
    for (let index = 0; index < 25; index += 1)
      fast.socket.send(bytes('join', { callID: 'c1', userID: 'u1', sessionID: `s${index}`, channelID }));
    await eventually(() => (door.events.length === 25 ? undefined : `${door.events.length} messages`), {
      timeoutMs: 15_000,
    });
    expect(fast.closeCode()).toBeUndefined();
    expect(door.logged.map(({ msg }) => msg)).not.toContain('Dropped plugin connection');
  });

  test('nobody is taken for one who does not pong when the server itself stood still', async () => {
    await door.close();
    door = await openDoor({ pingIntervalMs: 50, pongTimeoutMs: 500 });
    const { socket, closeCode } = await door.plugin('a');
    await once(socket, 'ping');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
    await once(socket, 'ping');
    socket.send(join('after'));
    await eventually(() => (door.events.length === 1 ? undefined : 'the message'));
    expect(closeCode()).toBeUndefined();
  });

  test('who sends faster than allowed is read more slowly: nothing is lost, nobody else waits', async () => {
    await door.close();
    door = await openDoor({ messagesPerSecond: 200 });
    const fast = await door.plugin('a');
    const other = await door.plugin('b');
    const channelID = 'c'.repeat(1_000); // So that they do not arrive in one piece.
    for (let index = 0; index < 700; index += 1)
      fast.socket.send(bytes('join', { callID: 'c1', userID: 'u1', sessionID: `s${index}`, channelID }));
    await eventually(() => (door.events.length >= 400 ? undefined : `${door.events.length} messages`), {
      intervalMs: 1,
    });
    other.socket.send(join('other'));
    await eventually(() => (door.events.some(({ groupID }) => groupID === 'b') ? undefined : 'the other'), {
      intervalMs: 1,
    });
    expect(door.events.length).toBeLessThan(701);
    await eventually(() => (door.events.length === 701 ? undefined : `${door.events.length} messages`));
    const ids = door.events.flatMap((event) =>
      event.type === 'join' && event.groupID === 'a' ? [event.session.sessionID] : [],
    );
    expect(ids).toEqual(Array.from({ length: 700 }, (_, index) => `s${index}`));
    expect(door.counted).toContain('a limited messages');
    expect(door.logged.filter(({ msg }) => msg === 'Slowed plugin down')).toHaveLength(1);
  });
});

describe('keep-alive', () => {
  test('a plugin that pongs stays, one that only sends data is dropped', async () => {
    await door.close();
    door = await openDoor({ pingIntervalMs: 30, pongTimeoutMs: 300 });
    const good = await door.plugin('a');
    const mute = await door.plugin('a', { autoPong: false });
    const chatter = setInterval(() => mute.socket.send(join('s1')), 20);
    await eventually(() => (mute.closeCode() === undefined ? 'the drop' : undefined));
    clearInterval(chatter);
    expect(good.pings()).toBeGreaterThan(3);
    expect(good.closeCode()).toBeUndefined();
    expect(door.logged.map(({ reason }) => reason)).toContain('no pong for 0.3 s');
  });

  test('a reader that is too slow is dropped, the others are not disturbed', async () => {
    await door.close();
    door = await openDoor({ maxBufferedBytes: 64 * 1024 });
    const slow = await door.plugin('a');
    const good = await door.plugin('b');
    slow.socket.pause();
    const data = new Uint8Array(512 * 1024);
    const message = { groupID: 'a', userID: '', callID: '', sessionID: 's', type: 2, data };
    await eventually(
      () => {
        const taken = door.connections.send(
          { groupID: 'a', connID: slow.connID() },
          { type: 'rtc', message },
        );
        return taken ? 'the buffer is not full yet' : undefined;
      },
      { intervalMs: 1 },
    );
    expect(door.logged.some(({ reason }) => String(reason).endsWith('bytes wait for a slow reader'))).toBe(
      true,
    );
    expect(
      door.connections.send({ groupID: 'b', connID: good.connID() }, { type: 'close', sessionID: 's' }),
    ).toBe(true);
    await eventually(() => (good.received.length === 2 ? undefined : 'close at the good one'));
    await eventually(() =>
      door.connections.countByClient().has('a') ? 'the slow one is still known' : undefined,
    );
  });
});
