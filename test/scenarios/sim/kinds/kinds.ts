/** The kinds of scenarios beside the plain ones of `scenario.ts`, by name: `make campaign KIND=people SEED=7`. */
import { createRandom } from '../random.ts';
import { scenarioOf, type Scenario } from '../scenario.ts';
import { hours } from './hours.ts';
import { external } from './external.ts';
import type { Kind } from './kind.ts';
import { people } from './people.ts';
import { plans } from './plans.ts';
import { probes } from './probes.ts';
import { replicas } from './replicas.ts';

const kinds = { people, replicas, probes, external, hours, plans } as const satisfies Readonly<
  Record<string, Kind>
>;

/** Name of a kind. */
export type KindName = keyof typeof kinds;

/** All of them. */
export const kindNames = Object.keys(kinds) as readonly KindName[];

/** Throws RangeError when there is no kind of that name. */
export function kindNamed(name: string): KindName {
  const found = kindNames.find((known) => known === name);
  if (found === undefined) throw new RangeError(`there is no kind ${name}: ${kindNames.join(', ')}`);
  return found;
}

/** The scenario of a seed with what the kind adds. The same seed of two kinds has the same plain scenario below. */
export function scenarioOfKind(kind: KindName, seed: number): Scenario {
  return kinds[kind](scenarioOf(seed), createRandom(hashOf(`${kind} ${seed}`)));
}

/** FNV-1a. */
function hashOf(text: string): number {
  return Buffer.from(text).reduce((hash, byte) => Math.imul(hash ^ byte, 0x01000193), 0x811c9dc5);
}
