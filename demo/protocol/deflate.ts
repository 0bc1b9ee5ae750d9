/**
 * zlib over text, as SDP travels from a client (wire spec 3.2 and 4.2). Streams
 * are the one zlib that browsers and Node share.
 */

/** Text → zlib bytes. */
export async function deflate(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** zlib bytes → text. Rejects on bytes that are no zlib stream. */
export async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return await new Response(stream).text();
}
