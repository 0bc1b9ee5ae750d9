import { expect, test } from '@jest/globals';
import { releaseArguments } from '../setup/images.ts';

test('an image of a release says of which commit it is and where that is, and is as old as it', () => {
  const told = releaseArguments({
    revision: 'abc',
    epochS: 1_700_000_000,
    source: 'https://example.org/rtc',
  });
  expect(told).toEqual([
    '--no-cache',
    '--timestamp=1700000000',
    '--label=org.opencontainers.image.revision=abc',
    '--label=org.opencontainers.image.source=https://example.org/rtc',
  ]);
});
