import { describe, expect, test } from '@jest/globals';
import { sfuPorts } from '../../../../operator/desired/ports.ts';
import { type KernelSettings, untuned } from '../../../../operator/fleet/nodes/tuning.ts';
import { aKernel } from '../../../support/pods.ts';
import { aCluster } from '../../../support/rtcclusters.ts';

function settings(change: Partial<KernelSettings>, network: object = {}): string[] {
  return untuned(aKernel(change), sfuPorts(aCluster({ network }))).map(({ setting }) => setting);
}

describe('a node', () => {
  test('is left alone when everything is large enough, or not to be seen', () => {
    expect(settings({})).toEqual([]);
    expect(settings({ receiveBufferBytes: null, sendBufferBytes: null, ephemeralPorts: null })).toEqual([]);
  });

  test('is to allow what media sockets ask for', () => {
    expect(settings({ receiveBufferBytes: 212_992, sendBufferBytes: 212_992 })).toEqual([
      'net.core.rmem_max=4194304',
      'net.core.wmem_max=4194304',
    ]);
  });

  test('is to have twice the table of connections when that was nearly full', () => {
    expect(settings({ shortConntrackLimit: 65_536 })).toEqual(['net.netfilter.nf_conntrack_max=131072']);
  });

  test('is to keep the ports of the SFU from outgoing connections, and those that it keeps already', () => {
    const media = { udpPort: 40_045, tcpPort: 40_045 };
    const reservedPorts = [{ first: 33_000, last: 33_010 }];
    expect(settings({ reservedPorts }, { media })).toEqual([
      'net.ipv4.ip_local_reserved_ports=33000-33010,40045',
    ]);
    expect(settings({ reservedPorts: [{ first: 40_000, last: 41_000 }] }, { media })).toEqual([]);
  });
});
