import { expect, test } from '@jest/globals';
import type { Producer } from 'mediasoup/types';

import { CallSpan } from '../../../sfu/media/callSpan.ts';
import type { Place } from '../../../sfu/media/place.ts';

/** A place whose fake worker makes routers that only count the tracks that are piped from them. */
function fakePlace(piped: string[]): Place {
  const router = {
    rtpCapabilities: {},
    createDirectTransport: () => Promise.resolve({}),
    createAudioLevelObserver: () => Promise.resolve({ on: () => undefined }),
    pipeToRouter: ({ producerId }: { readonly producerId: string }) => {
      piped.push(producerId);
      return Promise.reject(new Error('no such track'));
    },
  };
  const worker = { createRouter: () => Promise.resolve(router) };
  return {
    worker: { current: () => Promise.resolve({ worker, server: {} }) },
    hold: () => () => undefined,
  } as unknown as Place;
}

test('a track that is gone before it is known is known to nobody (fake worker)', async () => {
  const piped: string[] = [];
  const places = [fakePlace(piped), fakePlace(piped)];
  const span = new CallSpan({ choose: (held) => places[held.size] as Place, report: () => undefined });
  const [ann, bob] = [await span.enter('ann'), await span.enter('bob')];
  const closed = { id: 'track', kind: 'video', closed: true, observer: { once: () => undefined } };
  await ann.take(closed as unknown as Producer);
  await bob.reach('track');
  expect(piped).toEqual([]);
});
