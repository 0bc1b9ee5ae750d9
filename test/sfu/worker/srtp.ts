/**
 * SRTP by node:crypto, for packets with roll-over counter 0 and one key: an independent word on what the worker's libraries do.
 * RFC 3711 (AES-CM), RFC 7714 (AES-GCM).
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** Suites by the names that mediasoup has for them. */
export const suites = {
  AES_CM_128_HMAC_SHA1_80: { keyBytes: 16, saltBytes: 14, tagBytes: 10, isAead: false },
  AES_CM_128_HMAC_SHA1_32: { keyBytes: 16, saltBytes: 14, tagBytes: 4, isAead: false },
  AEAD_AES_128_GCM: { keyBytes: 16, saltBytes: 12, tagBytes: 16, isAead: true },
  AEAD_AES_256_GCM: { keyBytes: 32, saltBytes: 12, tagBytes: 16, isAead: true },
} as const;

/** A suite's name. */
export type Suite = keyof typeof suites;

/** Key and salt as in `srtpParameters.keyBase64`, decoded. */
export interface MasterKey {
  readonly suite: Suite;
  readonly keyAndSalt: Buffer;
}

/** What stays in the clear: fixed header, contributing sources, extension (RFC 3550, section 5.1). */
export function headerLength(rtp: Buffer): number {
  const first = rtp[0] ?? 0;
  const fixed = 12 + (first & 0x0f) * 4;
  const hasExtension = (first & 0x10) !== 0;
  return hasExtension ? fixed + 4 + rtp.readUInt16BE(fixed + 2) * 4 : fixed;
}

/** RTP → SRTP. */
export function protect(rtp: Buffer, master: MasterKey): Buffer {
  const keys = sessionKeys(master);
  const header = rtp.subarray(0, headerLength(rtp));
  if (keys.suite.isAead) {
    const cipher = createCipheriv(gcmName(keys.key), keys.key, gcmIv(header, keys.salt)).setAAD(header);
    return Buffer.concat([
      header,
      cipher.update(rtp.subarray(header.length)),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  }
  const encrypted = Buffer.concat([header, counterMode(rtp.subarray(header.length), header, keys)]);
  return Buffer.concat([encrypted, hmacTag(encrypted, keys)]);
}

/** SRTP → RTP. Throws when the tag does not fit. */
export function unprotect(srtp: Buffer, master: MasterKey): Buffer {
  const keys = sessionKeys(master);
  const start = headerLength(srtp);
  const end = srtp.length - keys.suite.tagBytes;
  const [header, payload, tag] = [srtp.subarray(0, start), srtp.subarray(start, end), srtp.subarray(end)];
  if (keys.suite.isAead) {
    const decipher = createDecipheriv(gcmName(keys.key), keys.key, gcmIv(header, keys.salt));
    decipher.setAAD(header).setAuthTag(tag);
    return Buffer.concat([header, decipher.update(payload), decipher.final()]);
  }
  if (!hmacTag(srtp.subarray(0, end), keys).equals(tag))
    throw new Error('the authentication tag does not fit');
  return Buffer.concat([header, counterMode(payload, header, keys)]);
}

interface SessionKeys {
  readonly suite: (typeof suites)[Suite];
  readonly key: Buffer;
  readonly authKey: Buffer;
  readonly salt: Buffer;
}

/** RFC 3711, section 4.3.1: labels 0, 1 and 2 name what the key is for. */
function sessionKeys({ suite: name, keyAndSalt }: MasterKey): SessionKeys {
  const suite = suites[name];
  const masterKey = keyAndSalt.subarray(0, suite.keyBytes);
  const masterSalt = keyAndSalt.subarray(suite.keyBytes);
  const derive = (label: number, length: number): Buffer => {
    const iv = Buffer.alloc(16);
    masterSalt.copy(iv);
    iv[7] = (iv[7] ?? 0) ^ label;
    return createCipheriv(`aes-${suite.keyBytes * 8}-ctr`, masterKey, iv).update(Buffer.alloc(length));
  };
  return { suite, key: derive(0, suite.keyBytes), authKey: derive(1, 20), salt: derive(2, suite.saltBytes) };
}

/** RFC 3711, section 4.1.1: salt, SSRC and packet index, each at its place. */
function counterMode(payload: Buffer, header: Buffer, { key, salt }: SessionKeys): Buffer {
  const iv = Buffer.alloc(16);
  salt.copy(iv);
  xorInto(iv, header.subarray(8, 12), 4);
  xorInto(iv, header.subarray(2, 4), 12);
  return createCipheriv('aes-128-ctr', key, iv).update(payload);
}

/** RFC 7714, section 8.1: two zero bytes, SSRC, roll-over counter, sequence number, all XOR the salt. */
function gcmIv(header: Buffer, salt: Buffer): Buffer {
  const iv = Buffer.from(salt);
  xorInto(iv, header.subarray(8, 12), 2);
  xorInto(iv, header.subarray(2, 4), 10);
  return iv;
}

function hmacTag(packet: Buffer, { authKey, suite }: SessionKeys): Buffer {
  const rollOverCounter = Buffer.alloc(4);
  return createHmac('sha1', authKey)
    .update(packet)
    .update(rollOverCounter)
    .digest()
    .subarray(0, suite.tagBytes);
}

function gcmName(key: Buffer): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
}

function xorInto(target: Buffer, bytes: Buffer, at: number): void {
  bytes.forEach((byte, index) => (target[at + index] = (target[at + index] ?? 0) ^ byte));
}
