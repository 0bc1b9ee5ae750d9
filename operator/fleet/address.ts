/** Addresses as text: `address` or `address:port`, and what can be told from them. */
import { BlockList, isIPv4 } from 'node:net';

/** Ranges that the Internet does not route: RFC 1918, 6598, 3927, 1122. */
const privateRanges = new BlockList();
privateRanges.addSubnet('10.0.0.0', 8);
privateRanges.addSubnet('172.16.0.0', 12);
privateRanges.addSubnet('192.168.0.0', 16);
privateRanges.addSubnet('100.64.0.0', 10);
privateRanges.addSubnet('169.254.0.0', 16);
privateRanges.addSubnet('127.0.0.0', 8);

/** Whether clients on the Internet can be expected to reach this IPv4 address. */
export function isPublic(address: string): boolean {
  return isIPv4(address) && !privateRanges.check(address);
}

/** The first entry of the pod's address annotation, without a port. */
export function publicEntry(annotation: string): string {
  return annotation.split(',')[0]?.split(':')[0] ?? '';
}

const highestPort = 65_535;

/** Whether a person wrote what can be advertised: an IPv4 address, perhaps with a port. */
export function isAdvertisable(text: string): boolean {
  const [address = '', port, ...rest] = text.split(':');
  if (!isIPv4(address) || rest.length > 0) return false;
  return port === undefined || (/^[1-9]\d{0,4}$/.test(port) && Number(port) <= highestPort);
}
