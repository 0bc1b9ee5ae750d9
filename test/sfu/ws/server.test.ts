import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { bytes, type Door, join, openDoor } from './door.ts';

let door: Door;
beforeEach(async () => {
  door = await openDoor();
});
afterEach(() => door.close());

describe('connecting', () => {
  test('hello comes first, with a connection id of 26 characters and strings only', async () => {
    const { received } = await door.plugin('a');
    expect(received).toEqual([
      ['hello', { clientID: 'a', connID: expect.stringMatching(/^[ybndrfg8ejkmcpqxot1uwisza345h769]{26}$/) }],
    ]);
  });

  test('a wrong key is answered 401', async () => {
    await expect(door.plugin('a', { key: 'bad' })).rejects.toThrow('401');
  });

  test('a fault while the key is checked is answered 500, logged, and nobody else notices', async () => {
    await expect(door.plugin('a', { key: 'fault' })).rejects.toThrow('500');
    expect(door.logged.map(({ msg }) => msg)).toContain('Failed to answer an upgrade');
    await door.plugin('a');
  });

  test('a foreign origin is answered 403, our own is taken', async () => {
    await expect(door.plugin('a', { headers: { origin: 'http://evil' } })).rejects.toThrow('403');
    await door.plugin('a', { headers: { origin: `http://127.0.0.1:${door.port()}` } });
  });

  test.each([
    ['GET', { authorization: `Basic ${Buffer.from('a:good').toString('base64')}` }, 400, 'Bad Request\n'],
    ['GET', {}, 401, 'authentication failed\n'],
  ] as const)('%s without an upgrade is answered as text', async (...[method, headers, code, body]) => {
    const response = await door.app.inject({ method, url: '/ws', headers });
    expect([response.statusCode, response.body]).toEqual([code, body]);
  });

  test('an upgrade elsewhere is answered 404', async () => {
    const socket = connect(door.port(), '127.0.0.1');
    socket.write('GET //nope HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let text = '';
    socket.on('data', (data) => (text += data.toString()));
    await eventually(() => (text.startsWith('HTTP/1.1 404 Not Found') ? undefined : text));
    socket.destroy();
  });
});

/** Looks once in each turn of the event loop until there are `count` events; returns how many came in the fullest turn. */
async function mostInOneTurn(count: number): Promise<number> {
  let [seen, most] = [0, 0];
  const endMs = performance.now() + 10_000;
  while (seen < count) {
    if (performance.now() > endMs) throw new Error(`only ${seen} of ${count} events came`);
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, door.events.length - seen);
    seen = door.events.length;
  }
  return most;
}

describe('messages', () => {
  test('that come in one packet are turns of their own, so that nobody else waits for all of them', async () => {
    const { socket } = await door.plugin('a');
    const wire = Reflect.get(socket, '_socket') as Socket;
    wire.cork();
    for (let number = 0; number < 50; number += 1) socket.send(join(`s${number}`));
    wire.uncork();
    expect(await mostInOneTurn(50)).toBe(1);
  });

  test('reach the calls in order, with the authenticated client as their group', async () => {
    const { socket, connID } = await door.plugin('a');
    socket.send(bytes('join', { callID: 'c1', userID: 'u1', sessionID: 's1', groupID: 'forged' }));
    socket.send(bytes('rtc', { session_id: 's1', type: 3, group_id: 'forged' }));
    socket.send(bytes('leave', { sessionID: 's1' }));
    await eventually(() => (door.events.length === 3 ? undefined : `${door.events.length} events`));
    expect(door.events.map(({ type, groupID, connID: id }) => [type, groupID, id])).toEqual([
      ['join', 'a', connID()],
      ['rtc', 'a', connID()],
      ['leave', 'a', connID()],
    ]);
    expect(door.events[0]).toMatchObject({
      session: {
        groupID: 'a',
        sessionID: 's1',
        props: { channelID: null, av1Support: null, dcSignaling: null },
      },
    });
    expect(door.counted).toEqual(['a hello out', 'a join in', 'a rtc in', 'a leave in']);
  });

  test('that cannot be read are logged with the reason, and the connection stays', async () => {
    const { socket } = await door.plugin('a');
    socket.send(Buffer.from([0xc1]));
    socket.send(bytes('dance', {}));
    socket.send('text');
    socket.send(join('s1'));
    await eventually(() => (door.events.length === 1 ? undefined : 'the join'));
    expect(door.logged.filter(({ msg }) => msg === 'Ignored message').map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^not msgpack/),
      'unknown message type "dance"',
      'a text frame',
    ]);
  });

  test('that fail inside the server are logged, and the connection stays', async () => {
    const { socket } = await door.plugin('a');
    socket.send(bytes('leave', { sessionID: 'fault' }));
    socket.send(join('s1'));
    await eventually(() => (door.events.length === 1 ? undefined : 'the join'));
    expect(door.logged.map(({ msg }) => msg)).toContain('Failed to handle message');
  });

  test('of an admin are refused: it has no calls', async () => {
    const { socket } = await door.plugin('');
    socket.send(join('s1'));
    await eventually(() =>
      door.logged.some(({ reason }) => reason === 'an admin has no calls') ? undefined : 'the log line',
    );
    expect(door.events).toEqual([]);
  });

  test('above 1 MiB close the connection with 1009; others go on', async () => {
    const big = await door.plugin('a');
    const other = await door.plugin('a');
    big.socket.send(Buffer.alloc(1024 * 1024 + 1));
    await eventually(() => (big.closeCode() === 1009 ? undefined : `close code ${String(big.closeCode())}`));
    other.socket.send(join('s1'));
    await eventually(() => (door.events.length === 1 ? undefined : 'the join'));
    expect(door.connections.countByClient()).toEqual(new Map([['a', 1]]));
  });
});

describe('sending', () => {
  const close = { type: 'close', sessionID: 's1' } as const;

  test('goes to the wanted connection, else to another one of the same client, never to another client', async () => {
    const first = await door.plugin('a');
    const second = await door.plugin('a');
    const stranger = await door.plugin('b');
    expect(door.connections.send({ groupID: 'a', connID: first.connID() }, close)).toBe(true);
    await eventually(() => (first.received.length === 2 ? undefined : 'close at the first'));
    const goneID = first.connID();
    first.socket.terminate();
    await eventually(() =>
      door.connections.countByClient().get('a') === 1 ? undefined : 'the first is still known',
    );
    expect(door.connections.send({ groupID: 'a', connID: goneID }, close)).toBe(true);
    await eventually(() => (second.received.length === 2 ? undefined : 'close at the second'));
    expect(stranger.received).toHaveLength(1);
    expect(door.connections.send({ groupID: 'nobody', connID: 'x' }, close)).toBe(false);
  });

  test('what was sent before the server closes still arrives', async () => {
    const { received, closeCode, connID } = await door.plugin('a');
    door.connections.send({ groupID: 'a', connID: connID() }, close);
    await door.connections.closeAll();
    await eventually(() => (closeCode() === undefined ? 'the close' : undefined));
    expect(received.at(-1)).toEqual(['close', { sessionID: 's1' }]);
    expect(closeCode()).toBe(1001);
  });

  test('a plugin that comes back while the server ends is closed too, so that it can end', async () => {
    await door.plugin('a');
    await door.connections.closeAll();
    const { closeCode } = await door.plugin('a');
    await door.app.close();
    await eventually(() => (closeCode() === 1001 ? undefined : `the close is ${closeCode()}`));
  });
});
