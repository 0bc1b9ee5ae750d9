/** Which coturns may serve: by what a pod says, or by the image's tag before there is one. */
import semver from 'semver';
import type { Reason } from '../fleet/pod.ts';

/** `Refused`: no pod of it is published. `Warned`: it serves, and a condition says what is wrong. */
export type VersionVerdict =
  | { readonly verdict: 'Supported' | 'Warned' | 'Unknown'; readonly reason: Reason }
  | { readonly verdict: 'Refused'; readonly reason: Reason };

const floor = '4.17.2';
const advice = 'set spec.image to coturn/coturn:4.18.0-r0 or newer';

/** Faults of older coturns, by the first version without each. */
const fixes = [
  { fixed: '4.9.0', name: 'CVE-2026-27624 (denied peers reached by IPv4 in IPv6)' },
  { fixed: '4.12.0', name: 'CVE-2026-40613' },
  { fixed: '4.14.0', name: 'CVE-2026-53449 and CVE-2026-53450' },
  { fixed: '4.16.0', name: 'CVE-2026-73213 (denied IPv6 ranges)' },
  { fixed: '4.16.0', name: 'CVE-2026-73214 (memory, by DTLS)' },
  { fixed: '4.17.0', name: 'CVE-2026-73215 (EVEN-PORT takes all relay ports)' },
] as const;

/** What is to be thought of a version such as `4.18.0`; an empty or unreadable one is unknown. */
export function judgeVersion(version: string): VersionVerdict {
  const parsed = semver.coerce(version);
  if (parsed === null) return unknown(version);
  const { version: exact } = parsed;
  if (exact === '4.17.0' || exact === '4.17.1') return refused(exact);
  return semver.lt(exact, floor) ? warned(exact) : supported(exact);
}

/** The version that an image's tag tells of, such as 4.18.0 in `coturn/coturn:4.18.0-r0`; empty: none. */
export function versionOfImage(image: string): string {
  const [name = ''] = image.split('@');
  const tag = /:([^/:]+)$/.exec(name)?.[1] ?? '';
  return /^v?(\d+\.\d+\.\d+)(?=$|[-+.])/.exec(tag)?.[1] ?? '';
}

function unknown(version: string): VersionVerdict {
  const told = version === '' ? 'neither its pods nor the tag of spec.image tell it' : `"${version}" is none`;
  return {
    verdict: 'Unknown',
    reason: {
      reason: 'VersionUnknown',
      message: `The version of coturn is unknown: ${told}; 4.17.0 and 4.17.1 would not reach clients beyond one router, and ${floor} is the oldest without known faults`,
    },
  };
}

function refused(version: string): VersionVerdict {
  return {
    verdict: 'Refused',
    reason: {
      reason: 'VersionRefused',
      message: `coturn ${version} sends UDP to clients with an IP TTL of 1, so that nothing but its first answer passes a router, and no pod of it is published: ${advice}`,
    },
  };
}

function warned(version: string): VersionVerdict {
  const faults = fixes.filter(({ fixed }) => semver.lt(version, fixed)).map(({ name }) => name);
  const known = faults.length === 0 ? 'known faults' : faults.join(', ');
  return {
    verdict: 'Warned',
    reason: { reason: 'VersionOutdated', message: `coturn ${version} has ${known}: ${advice}` },
  };
}

function supported(version: string): VersionVerdict {
  return {
    verdict: 'Supported',
    reason: { reason: 'VersionSupported', message: `coturn ${version} has no fault that we know of` },
  };
}
