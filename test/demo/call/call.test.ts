import { describe, expect, test } from '@jest/globals';

import { findCluster } from '../../../demo/call/found.ts';
import { callOptions } from '../../../demo/call/options.ts';
import { inCallLine } from '../../../demo/call/said.ts';
import { aCluster } from '../../support/rtcclusters.ts';

describe('the command line of a call by hand', () => {
  test('has two people talk for a minute through "calls" if it says nothing', () => {
    expect(callOptions([])).toEqual({ people: 2, seconds: 60, name: 'calls' });
    expect(callOptions(['--people', '3', '-n', 'team'])).toMatchObject({ people: 3, namespace: 'team' });
  });

  test.each([
    [['--people', '99'], '--people 99 is not 1 to 7'],
    [['--seconds', 'soon'], '--seconds soon is no number'],
    [['--poeple', '2'], '--poeple'],
  ])('%j is refused by name', (args, message) => {
    expect(() => callOptions(args)).toThrow(message);
  });
});

test('who holds a call reads at each look whether everybody hears everybody', () => {
  const seen = { people: 2, seconds: 60, passedS: 8.2, wrong: [] };
  expect(inCallLine(seen)).toBe('8 of 60 s: everybody hears everybody');
  expect(inCallLine({ ...seen, passedS: 66 })).toMatch(/^60 of 60 s/);
  expect(inCallLine({ ...seen, wrong: ['Ada does not hear Bruno'] })).toBe(
    '8 of 60 s: Ada does not hear Bruno',
  );
});

describe('what a call needs of an RTCCluster', () => {
  const cluster = JSON.stringify(aCluster());
  const text = (value: string): string => Buffer.from(value).toString('base64');
  const data = { MM_CALLS_RTCD_CLIENT_ID: text('id'), MM_CALLS_RTCD_AUTH_KEY: text('key') };

  test('is what its Mattermost is given', async () => {
    const kubectl = (...args: readonly string[]): Promise<string> =>
      Promise.resolve(args.includes('secret') ? JSON.stringify({ data }) : cluster);
    expect(await findCluster(kubectl, { name: 'calls' })).toMatchObject({
      ...{ name: 'calls', service: 'calls-rtcd' },
      wiring: { clientID: 'id', authKey: 'key' },
    });
  });

  test('is missed with where to look', async () => {
    const kubectl = (...args: readonly string[]): Promise<string> =>
      Promise.resolve(args.includes('secret') ? '' : cluster);
    await expect(findCluster(kubectl, { name: 'calls' })).rejects.toThrow(
      /has no Secret calls-mattermost-env yet.*kubectl rtc status calls/,
    );
  });
});
