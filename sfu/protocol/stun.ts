/** As much of STUN (RFC 8489) as it takes to ask for one's own public address. */

/** Length of a transaction ID, bytes. */
export const transactionIDBytes = 12;

const magicCookie = 0x2112a442;
const headerBytes = 20;
const bindingRequestType = 0x0001;
const bindingSuccessType = 0x0101;
const mappedType = 0x0001;
const xorMappedType = 0x0020;

/** A Binding request without attributes. */
export function bindingRequest(transactionID: Uint8Array): Uint8Array {
  const message = new Uint8Array(headerBytes);
  const view = new DataView(message.buffer);
  view.setUint16(0, bindingRequestType);
  view.setUint32(4, magicCookie);
  message.set(transactionID, 8);
  return message;
}

/**
 * The address in the answer to that request, XOR-MAPPED-ADDRESS before the
 * MAPPED-ADDRESS of old servers; undefined when the bytes are no such answer.
 */
export function mappedAddress(message: Uint8Array, transactionID: Uint8Array): string | undefined {
  if (!isAnswer(message, transactionID)) return undefined;
  const attributes = readAttributes(message);
  const mask = message.subarray(4, headerBytes); // Cookie and transaction ID, in this order (14.2).
  return (
    addressIn(attributes.get(xorMappedType), mask) ??
    addressIn(attributes.get(mappedType), new Uint8Array(mask.length))
  );
}

function isAnswer(message: Uint8Array, transactionID: Uint8Array): boolean {
  if (message.length < headerBytes) return false;
  const view = viewOf(message);
  return (
    view.getUint16(0) === bindingSuccessType &&
    view.getUint32(4) === magicCookie &&
    transactionID.every((byte, index) => message[8 + index] === byte)
  );
}

function readAttributes(message: Uint8Array): Map<number, Uint8Array> {
  const view = viewOf(message);
  const attributes = new Map<number, Uint8Array>();
  for (let at = headerBytes; at + 4 <= message.length;) {
    const length = view.getUint16(at + 2);
    const value = message.subarray(at + 4, at + 4 + length);
    if (value.length === length) attributes.set(view.getUint16(at), value);
    at += 4 + Math.ceil(length / 4) * 4; // Attributes are padded to words (14).
  }
  return attributes;
}

/** Family, port and address (14.1), each byte of the address XORed with the mask. */
function addressIn(value: Uint8Array | undefined, mask: Uint8Array): string | undefined {
  if (value === undefined) return undefined;
  const bytes = value.subarray(4).map((byte, index) => byte ^ (mask[index] ?? 0));
  if (value[1] === 1 && bytes.length === 4) return bytes.join('.');
  if (value[1] !== 2 || bytes.length !== 16) return undefined;
  const view = viewOf(bytes);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(2 * index).toString(16));
  return groups.join(':');
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
