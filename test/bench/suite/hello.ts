/** Pure: the SRTP suite that a DTLS server chose, read from its ServerHello, which is not encrypted (RFC 6347 4.2, RFC 5764 4.1). */

const handshakeRecord = 22;
const serverHello = 2;
const useSrtp = 14;
const recordHeaderBytes = 13;
const handshakeHeaderBytes = 12;

/** IANA's registry of DTLS-SRTP protection profiles. */
const suites: ReadonlyMap<number, string> = new Map([
  [0x0001, 'AES_CM_128_HMAC_SHA1_80'],
  [0x0002, 'AES_CM_128_HMAC_SHA1_32'],
  [0x0007, 'AEAD_AES_128_GCM'],
  [0x0008, 'AEAD_AES_256_GCM'],
]);

/** Undefined of every datagram but the one with the choice. */
export function chosenSuite(datagram: Uint8Array): string | undefined {
  const bytes = Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength);
  for (let at = 0; at + recordHeaderBytes < bytes.length;) {
    const body = bytes.subarray(at + recordHeaderBytes, at + recordHeaderBytes + bytes.readUInt16BE(at + 11));
    if (bytes[at] === handshakeRecord && body[0] === serverHello)
      return suiteOf(body.subarray(handshakeHeaderBytes));
    at += recordHeaderBytes + body.length;
    if (body.length === 0) return undefined;
  }
  return undefined;
}

/** Version, random, session id, cipher, compression; then extensions. */
function suiteOf(hello: Buffer): string | undefined {
  const sessionIdBytes = hello[34] ?? 0;
  let at = 35 + sessionIdBytes + 2 + 1 + 2;
  while (at + 4 <= hello.length) {
    const [type, length] = [hello.readUInt16BE(at), hello.readUInt16BE(at + 2)];
    // A list with one entry: its length, the profile, and an empty MKI.
    if (type === useSrtp && at + 8 <= hello.length) return nameOf(hello.readUInt16BE(at + 6));
    at += 4 + length;
  }
  return undefined;
}

function nameOf(profile: number): string {
  return suites.get(profile) ?? `0x${profile.toString(16).padStart(4, '0')}`;
}
