// What a page counts of its connection (webrtc-stats). Runs in a page, before browserClient.js.
/* global window */

window.counted = {
  /** Codecs of the pictures that arrive. */
  async receivedCodecs(pc) {
    const all = await pc.getStats();
    const pictures = [...all.values()].filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'video');
    return pictures
      .filter(({ framesDecoded }) => framesDecoded > 0)
      .map(({ codecId }) => all.get(codecId).mimeType);
  },

  /** Packets of all sound so far. */
  async soundPackets(pc) {
    const all = [...(await pc.getStats()).values()];
    return all
      .filter(({ type, kind }) => type === 'inbound-rtp' && kind === 'audio')
      .reduce((sum, one) => sum + one.packetsReceived, 0);
  },

  /** What arrives and leaves as pictures: one row for each stream. */
  async pictures(pc) {
    const all = [...(await pc.getStats()).values()].filter(({ kind }) => kind === 'video');
    const of = (wanted) => all.filter(({ type }) => type === wanted);
    return {
      received: of('inbound-rtp').map((one) => ({
        mid: one.mid,
        frames: one.framesDecoded,
        packets: one.packetsReceived,
        bytes: one.bytesReceived,
        lost: one.packetsLost,
        repeated: one.retransmittedPacketsReceived ?? 0,
        keyFrames: one.keyFramesDecoded,
        freezes: one.freezeCount,
      })),
      sent: of('outbound-rtp').map((one) => ({
        rid: one.rid ?? '',
        frames: one.framesSent,
        packets: one.packetsSent,
        bytes: one.bytesSent,
        repeated: one.retransmittedPacketsSent,
        keyFrameRequests: one.pliCount + one.firCount,
      })),
    };
  },

  /** The connection as a whole. */
  async connection(pc) {
    const all = [...(await pc.getStats()).values()];
    const of = (type) => all.filter((one) => one.type === type);
    const pair = of('candidate-pair').find((one) => one.nominated);
    const remote = all.find((one) => one.id === pair?.remoteCandidateId);
    return {
      received: of('inbound-rtp').reduce((sum, one) => sum + one.packetsReceived, 0),
      sent: of('outbound-rtp').reduce((sum, one) => sum + one.packetsSent, 0),
      lost: of('inbound-rtp').reduce((sum, one) => sum + one.packetsLost, 0),
      srtp: of('transport')[0]?.srtpCipher,
      remote: `${remote?.protocol} ${remote?.address}:${remote?.port}`,
      state: pc.connectionState,
      mids: pc.getTransceivers().map((one) => `${one.mid} ${one.currentDirection}`),
    };
  },
};
