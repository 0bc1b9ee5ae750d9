/** What is measured once beside the rounds: which suites are negotiated, what the bare worker costs with each of them, where the time goes. */
import { serverKinds, type ServerKind } from '../contract/quirk.ts';
import type { BareOrder } from './floor/bare.ts';
import type { FloorOrder, FloorResult } from './floor/measure.ts';
import { measureBy } from './onGenerator.ts';
import { type BenchOrder, reasonOf } from './play.ts';
import { type Profile, profileOf } from './profile/profile.ts';
import { startMeasured } from './servers.ts';
import { type Suites, suitesOf } from './suite/negotiated.ts';

/** Of one suite, over several runs. */
export interface Floor {
  readonly suite: string;
  readonly results: readonly FloorResult[];
}

/** What could not be measured is missing, and told while it runs. */
export interface Extras {
  readonly suites: Partial<Readonly<Record<ServerKind, Suites>>>;
  readonly floors: readonly Floor[];
  readonly profiles: Partial<Readonly<Record<ServerKind, Profile>>>;
}

const floorRuns = 3;
const floorWindowSeconds = 6;
const measureFile = `${import.meta.dirname}/floor/measure.ts`;
const known: readonly BareOrder['suite'][] = [
  'AEAD_AES_256_GCM',
  'AEAD_AES_128_GCM',
  'AES_CM_128_HMAC_SHA1_80',
  'AES_CM_128_HMAC_SHA1_32',
];

/** See the file comment. */
export async function measureExtras({ programs, say }: BenchOrder): Promise<Extras> {
  const suites = await ofBoth('suites', say, async (kind) => {
    const server = await startMeasured(programs[kind]);
    return await suitesOf(server.target).finally(server.stop);
  });
  const profiles = await ofBoth('profile', say, (kind) => profileOf(kind, programs[kind]));
  return { suites, profiles, floors: await floorsOf(suites, say) };
}

async function ofBoth<T>(
  what: string,
  say: BenchOrder['say'],
  measure: (kind: ServerKind) => Promise<T>,
): Promise<Partial<Record<ServerKind, T>>> {
  const all: Partial<Record<ServerKind, T>> = {};
  for (const kind of serverKinds) {
    const found = await tried(`${what} of ${kind}`, say, () => measure(kind));
    if (found !== undefined) all[kind] = found;
  }
  return all;
}

/** With each suite that somebody negotiates. */
async function floorsOf(suites: Extras['suites'], say: BenchOrder['say']): Promise<readonly Floor[]> {
  const seen = Object.values(suites).flatMap(({ generator, chromium }) => [generator, chromium]);
  const floors: Floor[] = [];
  for (const suite of known.filter((one) => seen.includes(one))) {
    const results: FloorResult[] = [];
    for (let number = 1; number <= floorRuns; number += 1) {
      const result = await tried(`bare worker with ${suite}`, say, () => floorOf(suite));
      if (result !== undefined) results.push(result);
    }
    if (results.length > 0) floors.push({ suite, results });
  }
  return floors;
}

async function floorOf(suite: BareOrder['suite']): Promise<FloorResult> {
  const order: FloorOrder = { suite, windowSeconds: floorWindowSeconds };
  return (await measureBy(measureFile, order, 60_000)) as FloorResult;
}

async function tried<T>(
  what: string,
  say: BenchOrder['say'],
  measure: () => Promise<T>,
): Promise<T | undefined> {
  try {
    const found = await measure();
    say(`${what}: ${JSON.stringify(found)}`);
    return found;
  } catch (error) {
    say(`${what}: not measured: ${reasonOf(error)}`);
    return undefined;
  }
}
