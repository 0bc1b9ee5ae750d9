import { expect, test } from '@jest/globals';

import { discoverByEndpointSlices, readyAddresses } from '../../../demo/page/server/discovery.ts';

const slices = {
  items: [
    {
      addressType: 'IPv4',
      endpoints: [
        { addresses: ['10.0.0.1'], conditions: { ready: true } },
        { addresses: ['10.0.0.2'], conditions: { ready: false } },
        { addresses: ['10.0.0.3'] },
      ],
    },
    { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }] },
    { addressType: 'IPv6', endpoints: [{ addresses: ['fd00::1'] }] },
    { addressType: 'IPv4' },
  ],
};

test('the addresses are those that DNS answers with: ready, IPv4, once each', () => {
  expect(readyAddresses(slices)).toEqual(['10.0.0.1', '10.0.0.3']);
});

test('EndpointSlices are asked for by the name of the headless Service', async () => {
  const asked: string[] = [];
  const kubectl = (...args: readonly string[]): Promise<string> => {
    asked.push(args.join(' '));
    return Promise.resolve(JSON.stringify(slices));
  };
  const discover = discoverByEndpointSlices(kubectl, { namespace: 'rtc', name: 'calls-rtcd' });
  expect(await discover()).toEqual({ ok: true, addresses: ['10.0.0.1', '10.0.0.3'] });
  expect(asked).toEqual(['-n rtc get endpointslices -l kubernetes.io/service-name=calls-rtcd -o json']);
});

test('a kubectl that fails is a look-up that failed, with its reason', async () => {
  const discover = discoverByEndpointSlices(() => Promise.reject(new Error('connection refused')), {
    namespace: 'rtc',
    name: 'calls-rtcd',
  });
  expect(await discover()).toEqual({ ok: false, reason: 'connection refused' });
});
