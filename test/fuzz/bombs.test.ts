import { describe, expect, test } from '@jest/globals';

import { decodeClientMessage } from '../../sfu/protocol/clientMessage.ts';
import { decodeDataMessage, ppid } from '../../sfu/protocol/dataChannel.ts';
import { maxDescriptionBytes } from '../../sfu/protocol/description.ts';
import { parseSdp } from '../../sfu/sdp/parse.ts';
import { msgpackBombs, sdpBombs } from './bombs.ts';
import { growthOf, mostGrowth } from './growth.ts';
import { problemOf } from './decoders.ts';

const [small, large] = [maxDescriptionBytes / 16, maxDescriptionBytes / 2];

describe('a description made to be expensive costs in proportion to its length', () => {
  test.each(Object.entries(sdpBombs))('%s', (_name, bomb) => {
    const text = bomb(large);
    expect(problemOf(text, parseSdp(text))).toBeUndefined();
    expect(growthOf(parseSdp, bomb(small), text)).toBeLessThan(mostGrowth);
  });
});

describe('a message made to be expensive costs in proportion to its length', () => {
  test.each(Object.entries(msgpackBombs))('%s', (_name, bomb) => {
    const data = bomb(large);
    const decode = (one: Uint8Array): unknown => [
      decodeDataMessage({ ppid: ppid.binary, data: one }),
      decodeClientMessage(one),
    ];
    expect(decode(data)).toMatchObject([{ ok: false }, { ok: false }]);
    expect(problemOf(data, decode(data))).toBeUndefined();
    expect(growthOf(decode, bomb(small), data)).toBeLessThan(mostGrowth);
  });
});
