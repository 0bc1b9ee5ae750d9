/** Ids as rtcd and Mattermost make them. */
import { randomBytes } from 'node:crypto';

const alphabet = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/** 128 random bits in z-base-32: 26 lower-case characters, the length that clients check (wire spec 0). */
export function newID(): string {
  let id = '';
  let bits = 0;
  let value = 0;
  for (const byte of randomBytes(16)) {
    value = ((value << 8) | byte) & 0xff_ff;
    bits += 8;
    for (; bits >= 5; bits -= 5) id += alphabet[(value >> (bits - 5)) & 31] ?? '';
  }
  return id + (alphabet[(value << (5 - bits)) & 31] ?? '');
}
