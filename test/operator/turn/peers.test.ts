import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BlockList } from 'node:net';
import { peersDigest, peersOf, type PeerPod } from '../../../operator/turn/peers.ts';
import { parseRange, rangeText } from '../../../operator/turn/ranges.ts';

const rtcClusters = { matchNames: ['calls'] };
const pod = (address: string, ...ips: string[]): PeerPod => ({ address, ips });
const calls = (...pods: PeerPod[]): Map<string, PeerPod[]> => new Map([['calls', pods]]);

describe('the peers of TURN servers', () => {
  test('are all addresses of the pods of a referenced cluster, without ports, each once and sorted', () => {
    const pods = calls(pod('203.0.113.7:9045,10.0.0.7', '10.0.0.7'), pod('203.0.113.5', '10.0.0.5'));
    expect(peersOf([{ rtcClusters }], pods)).toEqual({
      lines: ['10.0.0.5', '10.0.0.7', '203.0.113.5', '203.0.113.7'],
      refused: [],
      missing: [],
    });
  });

  test('are besides what the spec names, networks as the ranges that coturn reads', () => {
    const allow = [{ cidr: '10.20.3.4/16' }, { cidr: '192.0.2.7' }, { cidr: '2001:db8::/112' }];
    expect(peersOf(allow, new Map()).lines).toEqual([
      '10.20.0.0-10.20.255.255',
      '192.0.2.7',
      '2001:db8:0:0:0:0:0:0-2001:db8:0:0:0:0:0:ffff',
    ]);
  });

  test('name a cluster that does not exist, and go on with the others', () => {
    const allow = [{ rtcClusters: { matchNames: ['calls', 'gone'] } }];
    expect(peersOf(allow, calls(pod('192.0.2.1')))).toMatchObject({
      lines: ['192.0.2.1'],
      missing: ['gone'],
    });
  });

  test.each([
    ['::', /every address of both families/],
    ['0.0.0.0', /every address of both families/],
    ['0.0.0.0/1', /every address of both families/],
    ['::ffff:10.0.0.1', /every address of both families/],
    ['127.0.0.1', /never relayed to/],
    ['169.254.169.254', /never relayed to/],
    ['128.0.0.0/1', /never relayed to/],
    ['fd00::1', /unique local/],
    ['fe80::/10', /unique local/],
    ['sfu.example.com', /neither an address nor a network/],
    ['10.0.0.0/33', /neither an address nor a network/],
    ['1.2.3.4/8/8', /neither an address nor a network/],
  ])('never are %s, and the reason is told', (cidr, reason) => {
    const { lines, refused } = peersOf([{ cidr }], new Map());
    expect(lines).toEqual([]);
    expect(refused).toEqual([{ peer: cidr, reason: expect.stringMatching(reason) }]);
  });

  test('leave out an address of a pod that cannot be one, and tell of it when the pod has no other', () => {
    const both = peersOf([{ rtcClusters }], calls(pod('192.0.2.1', '10.0.0.1', 'fd00::1')));
    expect(both).toEqual({ lines: ['10.0.0.1', '192.0.2.1'], refused: [], missing: [] });
    const only = peersOf([{ rtcClusters }], calls(pod('', 'fd00::1')));
    expect(only.refused.map(({ peer }) => peer)).toEqual(['fd00::1']);
  });

  test('have the same digest in any order', () => {
    expect(peersDigest(['b', 'a'])).toBe(peersDigest(['a', 'b']));
    expect(peersDigest(['a'])).not.toBe(peersDigest([]));
  });
});

describe('a network as a range', () => {
  const listOf = (network: string, length: number, family: 'ipv4' | 'ipv6'): BlockList => {
    const list = new BlockList();
    list.addSubnet(network, length, family);
    return list;
  };

  test('holds the same IPv4 addresses as Node says', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), fc.ipV4(), (network, length, address) => {
        const range = parseRange(`${network}/${length}`)!;
        const { first } = parseRange(address)!;
        expect(range.first <= first && first <= range.last).toBe(
          listOf(network, length, 'ipv4').check(address, 'ipv4'),
        );
      }),
    );
  });

  test('holds the same IPv6 addresses as Node says, and its text is read back as it was', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 1, max: 128 }), fc.ipV6(), (network, length, address) => {
        const range = parseRange(`${network}/${length}`)!;
        const { first } = parseRange(address)!;
        expect(range.first <= first && first <= range.last).toBe(
          listOf(network, length, 'ipv6').check(address, 'ipv6'),
        );
        const [start = ''] = rangeText(range).split('-');
        expect(parseRange(start)?.first).toBe(range.first);
      }),
    );
  });
});
