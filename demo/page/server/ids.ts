/** Pure: Mattermost ids: 26 characters, z-base-32 of 16 random bytes (wire spec 0). */

const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** The id of 16 bytes. */
export function idOf(bytes: Uint8Array): string {
  let id = '';
  let pending = 0;
  let bits = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id += alphabet[(pending >> bits) & 31] ?? '';
    }
    pending &= (1 << bits) - 1;
  }
  return bits === 0 ? id : id + (alphabet[(pending << (5 - bits)) & 31] ?? '');
}
