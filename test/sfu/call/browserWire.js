// Messages on the data channel as bytes (wire spec 4). Runs in a page, before browserClient.js.
/* global window, CompressionStream, DecompressionStream, Response, Blob, TextDecoder */

async function pipe(bytes, transform) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(transform)).arrayBuffer());
}

window.wire = {
  /** A description for the server: type 3, then deflated JSON. */
  async sdpMessage(json) {
    const zlib = await pipe(json, new CompressionStream('deflate'));
    const message = new Uint8Array(6 + zlib.length);
    message.set([3, 0xc6, 0, 0, zlib.length >> 8, zlib.length & 255]);
    message.set(zlib, 6);
    return message;
  },

  /** The JSON in one that the server sent. */
  async sdpIn(message) {
    const header = { 0xc4: 3, 0xc5: 4, 0xc6: 6 }[message[1]];
    const json = await pipe(message.slice(header), new DecompressionStream('deflate'));
    return new TextDecoder().decode(json);
  },

  /** The media map: type 9, then a msgpack map of maps of strings. */
  mediaMap(message) {
    let at = 1;
    const text = (length) => new TextDecoder().decode(message.slice(at, (at += length)));
    const big = () => (message[at++] << 8) | message[at++];
    const value = () => {
      const head = message[at++];
      if (head >= 0xa0 && head < 0xc0) return text(head & 31);
      if (head === 0xd9) return text(message[at++]);
      const size = head === 0xde ? big() : head & 15;
      const entries = Array.from({ length: size }, () => [value(), value()]);
      return Object.fromEntries(entries);
    };
    return value();
  },
};
