/** Pure: the packets inside an Ogg file (RFC 3533), and of those the Opus ones (RFC 7845). */

/** Audio packets in order, without the two header packets. Throws when the bytes are no Ogg Opus. */
export function readOggOpus(bytes: Uint8Array): Uint8Array[] {
  const packets = [...readOggPackets(bytes)];
  const head = packets[0];
  if (head === undefined || textOf(head.subarray(0, 8)) !== 'OpusHead')
    throw new Error('not an Ogg Opus file');
  return packets.slice(2);
}

function* readOggPackets(bytes: Uint8Array): Generator<Uint8Array> {
  let pending: Uint8Array[] = [];
  let at = 0;
  while (at + 27 <= bytes.length) {
    if (textOf(bytes.subarray(at, at + 4)) !== 'OggS') throw new Error(`no Ogg page at byte ${at}`);
    const segments = bytes[at + 26] ?? 0;
    const lacing = bytes.subarray(at + 27, at + 27 + segments);
    at += 27 + segments;
    for (const size of lacing) {
      pending.push(bytes.subarray(at, at + size));
      at += size;
      if (size === 255) continue; // A segment of 255 goes on in the next one.
      yield Buffer.concat(pending);
      pending = [];
    }
  }
}

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
