import { describe, expect, test } from '@jest/globals';
import { callNameOf, workerOf } from '../../../sfu/probe/callName.ts';
import { framedCheck, iceKeysIn, isAccepted } from '../../../sfu/probe/iceCheck.ts';
import { onPath, pathsTo } from '../../../sfu/probe/paths.ts';
import {
  nameOf,
  type Path,
  type PathResult,
  probeRequestSchema,
  reportOf,
} from '../../../sfu/probe/report.ts';
import { lossPercent, numberOf, packetOf } from '../../../sfu/probe/speech.ts';

const path: Path = { target: '203.0.113.5', address: '203.0.113.5', port: 8045, protocol: 'udp', worker: 0 };

describe('the paths of a probe', () => {
  const ports = { udp: { first: 8045, last: 8046 }, tcp: { first: 9045, last: 9045 } };

  test('lead to every port of every worker, from the port that is told where one is', () => {
    const found = pathsTo(['203.0.113.5', '198.51.100.7:3000'], ports);
    expect(found.map(nameOf)).toEqual([
      'UDP 203.0.113.5:8045 (worker 0)',
      'UDP 203.0.113.5:8046 (worker 1)',
      'TCP 203.0.113.5:9045 (worker 0)',
      'UDP 198.51.100.7:3000 (worker 0)',
      'UDP 198.51.100.7:3001 (worker 1)',
      'TCP 198.51.100.7:3000 (worker 0)',
    ]);
  });

  test('leave out a protocol that is not served', () => {
    expect(pathsTo(['::1'], { ...ports, tcp: null }).map(nameOf)).toEqual([
      'UDP [::1]:8045 (worker 0)',
      'UDP [::1]:8046 (worker 1)',
    ]);
  });

  test('are the only candidate of a description, whatever the server told', () => {
    const sdp = [
      'v=0',
      'a=ice-pwd:x',
      'a=candidate:1 1 udp 1 10.0.0.1 8045 typ host',
      'a=end-of-candidates',
      '',
    ];
    expect(onPath(sdp.join('\r\n'), path).split('\r\n')).toEqual([
      'v=0',
      'a=ice-pwd:x',
      expect.stringMatching(/^a=candidate:udp0 1 udp \d+ 203\.0\.113\.5 8045 typ host$/),
      '',
    ]);
  });
});

describe('a report', () => {
  const good: PathResult = { ...path, ok: true, joinMs: 80, lossPercent: 2 };
  const checked: PathResult = { ...path, protocol: 'tcp', ok: true, joinMs: 90 };
  const bad: PathResult = { ...path, worker: 1, port: 8046, ok: false, message: 'no connection within 5 s' };

  test('tells the slowest join, the worst loss and how many paths work', () => {
    expect(reportOf([good, checked])).toMatchObject({
      ...{ ok: true, joinMs: 90, lossPercent: 2, message: '2 paths work' },
    });
  });

  test('names each path that does not work, and why', () => {
    expect(reportOf([good, bad])).toMatchObject({
      ok: false,
      message: 'UDP 203.0.113.5:8046 (worker 1): no connection within 5 s',
    });
  });

  test('of a server without media ports is no success', () => {
    expect(reportOf([])).toMatchObject({ ok: false, message: 'it serves no media port' });
  });
});

describe('a voice', () => {
  test('is heard by its numbers, whatever header it comes with', () => {
    expect(numberOf(packetOf(70_000, 7))).toBe(70_000);
    expect(
      numberOf(Buffer.concat([packetOf(3, 7).subarray(0, 12), Buffer.alloc(8), packetOf(3, 7).subarray(12)])),
    ).toBe(3);
  });

  test('is no RTCP and nothing short', () => {
    const rtcp = packetOf(1, 7);
    rtcp.writeUInt8(200, 1);
    expect(numberOf(rtcp)).toBeUndefined();
    expect(numberOf(Buffer.alloc(20, 1))).toBeUndefined();
  });

  test('loses what was not heard of what was said meanwhile', () => {
    expect(lossPercent(new Set([1, 10, 11, 13, 99]), 10, 13)).toBe(25);
    expect(lossPercent(new Set(), 10, 9)).toBe(0);
  });
});

describe('a check over TCP', () => {
  const id = Buffer.alloc(12, 5);

  test('is framed, and names both ends', () => {
    const framed = framedCheck({ ufrag: 'srv', password: 'secret' }, 'me', id);
    expect(framed.readUInt16BE(0)).toBe(framed.length - 2);
    expect(framed.toString('latin1')).toContain('srv:me');
  });

  test('is accepted by the answer to this very request alone', () => {
    const answer = Buffer.concat([Buffer.from('001401010000', 'hex'), Buffer.from('2112a442', 'hex'), id]);
    expect(isAccepted(answer, id)).toBe(true);
    expect(isAccepted(answer, Buffer.alloc(12, 6))).toBe(false);
    expect(isAccepted(answer.subarray(0, 10), id)).toBe(false);
  });

  test('takes the keys of an answer', () => {
    expect(iceKeysIn('a=ice-ufrag:u\r\na=ice-pwd:p\r\n')).toEqual({ ufrag: 'u', password: 'p' });
    expect(iceKeysIn('v=0')).toBeUndefined();
  });
});

test('the call of a probe names its worker, and no other call does', () => {
  expect(workerOf(callNameOf(3, 'ab01'))).toBe(3);
  expect(workerOf('abcdefghijklmnopqrstuvwxyz')).toBeUndefined();
});

test.each([
  { origin: 'http://127.0.0.1:8443', addresses: [] },
  { origin: 'ftp://127.0.0.1', addresses: ['127.0.0.1'] },
  { origin: 'http://127.0.0.1:8443', addresses: ['calls.example.com'] },
  { origin: 'http://127.0.0.1:8443', addresses: ['127.0.0.1'], adminKey: 'x' },
])('%j is no request for a probe', (body) => {
  expect(probeRequestSchema.safeParse(body).success).toBe(false);
});
