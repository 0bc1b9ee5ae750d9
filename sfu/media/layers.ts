/** Pictures that come in layers (simulcast): which layer a receiver gets (wire spec 3.11). */
import type { Consumer, ConsumerLayers } from 'mediasoup/types';

/** Where every receiver begins, for a key frame of the lowest layer is there soonest. */
export const firstLayers: ConsumerLayers = { spatialLayer: 0 };

/** More than any sender has; the worker takes the highest there is. */
const highestLayers: ConsumerLayers = { spatialLayer: 7 };

/**
 * Lets a receiver climb once it has its first picture: from then on the worker
 * moves it up and down by the bandwidth that it estimates, without any offer.
 */
export function climb(consumer: Consumer): void {
  if (consumer.type !== 'simulcast') return;
  const begin = (layers: ConsumerLayers | undefined): void => {
    if (layers === undefined) return;
    consumer.off('layerschange', begin);
    // It may have closed meanwhile, and then there is nothing left to climb.
    consumer.setPreferredLayers(highestLayers).catch(() => undefined);
  };
  consumer.on('layerschange', begin);
}
