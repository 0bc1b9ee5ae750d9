/** IPv4 and IPv6 addresses as numbers, and networks as the ranges that coturn reads: it ignores CIDR notation. */
import { isIPv4, isIPv6 } from 'node:net';

/** First and last address of a network, both of it. */
export interface Range {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** An address or a network in CIDR notation; undefined: it is neither. */
export function parseRange(text: string): Range | undefined {
  const [address = '', prefix, ...rest] = text.split('/');
  const family = familyOf(address);
  if (family === undefined || rest.length > 0) return undefined;
  const bits = family === 4 ? 32 : 128;
  const length = prefix === undefined ? bits : lengthOf(prefix);
  if (length > bits) return undefined;
  const size = 1n << BigInt(bits - length);
  const value = family === 4 ? numberOf4(address) : numberOf6(address);
  const first = value - (value % size);
  return { family, first, last: first + size - 1n };
}

function familyOf(address: string): 4 | 6 | undefined {
  if (isIPv4(address)) return 4;
  return isIPv6(address) && !address.includes('%') ? 6 : undefined;
}

const lengthOf = (prefix: string): number => (/^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity);

/** `address`, or `first-last`: the spellings that coturn understands. */
export function rangeText({ family, first, last }: Range): string {
  const text = family === 4 ? text4 : text6;
  return first === last ? text(first) : `${text(first)}-${text(last)}`;
}

/** Whether the two have an address in common; what is no network has none. */
export function overlaps(one: Range | undefined, other: Range): boolean {
  if (one === undefined) return false;
  return one.family === other.family && one.first <= other.last && other.first <= one.last;
}

function numberOf4(address: string): bigint {
  return address.split('.').reduce((sum, byte) => (sum << 8n) + BigInt(byte), 0n);
}

function numberOf6(address: string): bigint {
  const groups = (part: string): bigint[] => (part === '' ? [] : part.split(':').flatMap(groupsOf));
  const [head = '', tail] = address.split('::');
  const [before, after] = [groups(head), groups(tail ?? '')];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0n);
  return [...before, ...zeros, ...after].reduce((sum, group) => (sum << 16n) + group, 0n);
}

/** The last group may be written as an IPv4 address, which is two of them. */
function groupsOf(group: string): bigint[] {
  if (!group.includes('.')) return [BigInt(`0x${group}`)];
  const value = numberOf4(group);
  return [value >> 16n, value & 0xffffn];
}

function text4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
}

function text6(value: bigint): string {
  const shifts = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n];
  return shifts.map((shift) => ((value >> shift) & 0xffffn).toString(16)).join(':');
}
