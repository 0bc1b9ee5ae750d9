/** Pictures that come in layers (simulcast): which layer a receiver gets (wire spec 3.11). */
import type { Consumer, ConsumerLayers, WebRtcTransport } from 'mediasoup/types';

/** Where every receiver begins, for a key frame of the lowest layer is there soonest. */
export const firstLayers: ConsumerLayers = { spatialLayer: 0 };

/** More than any sender has; the worker takes the highest there is. */
const highestLayers: ConsumerLayers = { spatialLayer: 7 };

/**
 * The estimate never falls below the rate of the lowest layer (500 kbit/s) and
 * some: the worker sends nothing at all when no layer fits, and without packets
 * the estimate would not rise again. Not 600,000, the rate that transports begin
 * with: an estimate of exactly that is passed over by the worker.
 */
const lowestLayerBps = 550_000;

/**
 * Lets a receiver climb once it has its first picture: from then on the worker
 * moves it up and down by the bandwidth that it estimates, without any offer.
 * `onLayer` hears each change: 0 is the lowest, null is none.
 */
export function climb(
  transport: WebRtcTransport,
  consumer: Consumer,
  onLayer: (layer: number | null) => void,
): void {
  if (consumer.type !== 'simulcast') return;
  transport.setMinOutgoingBitrate(lowestLayerBps).catch(() => undefined); // Closed meanwhile: no picture, no rate.
  const state: { layer: number | null } = { layer: null };
  consumer.on('layerschange', (layers) => {
    const layer = layers?.spatialLayer ?? null;
    if (layer === state.layer) return; // A layer of time came or went.
    state.layer = layer;
    onLayer(layer);
  });
  const begin = (layers: ConsumerLayers | undefined): void => {
    if (layers === undefined) return;
    consumer.off('layerschange', begin);
    consumer.setPreferredLayers(highestLayers).catch(() => undefined); // Closed meanwhile: nothing left to climb.
  };
  consumer.on('layerschange', begin);
}
