import { expect, test } from '@jest/globals';

import { trackID } from '../../../sfu/protocol/trackId.ts';

test('a track name has exactly three fields', () => {
  const name = trackID('screen-audio', 'abc123', '9f4c-11d2_77aa');
  expect(name).toBe('screen-audio_abc123_9f4c11d2');
  expect(name.split('_')).toHaveLength(3);
});
