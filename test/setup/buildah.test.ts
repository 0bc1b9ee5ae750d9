import { expect, test } from '@jest/globals';

import { olderThan } from './buildah.ts';

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
