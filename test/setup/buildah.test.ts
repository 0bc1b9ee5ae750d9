import { expect, test } from '@jest/globals';

import { isInUse, olderThan } from './buildah.ts';

const images = [
  { names: ['localhost/rtc-sfu:a'], created: 1 },
  { names: null, created: 9 },
  { names: ['localhost/rtc-sfu:c'], created: 3 },
  { names: ['localhost/rtc-sfu:b', 'localhost/rtc-sfu-next:b'], created: 2 },
];

test.each([
  [1, ['localhost/rtc-sfu:c', 'localhost/rtc-sfu:b']],
  [2, ['localhost/rtc-sfu:b']],
  [3, []],
])('with %d kept, an image that was built leaves the newest of its name to other checkouts', (kept, gone) => {
  expect(olderThan(images, 'localhost/rtc-sfu:a', kept)).toEqual(gone);
});

test('layers that another build stands on are left to it, and nothing else is', () => {
  const inUse =
    '\t* image used by 2a34: image is in use by a container: consider listing external containers';
  expect(isInUse(new Error(`ended with 125:\na96f\n\nError: 1 error occurred:\n${inUse}\n\n`))).toBe(true);
  expect(
    isInUse(new Error(`ended with 125:\nError: 2 errors occurred:\n${inUse}\n\t* no space left\n`)),
  ).toBe(false);
  expect(isInUse(new Error('buildah: command not found'))).toBe(false);
});
