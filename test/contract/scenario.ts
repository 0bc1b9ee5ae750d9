/** What a conformance scenario is: a sentence of behaviour, where the wire spec says it, and how to see it. */
import type { Quirk, ServerKind } from './quirk.ts';
import type { Stage } from './stage.ts';

/** What all scenarios have. */
interface Described {
  /** A sentence of behaviour, unique. */
  readonly name: string;
  /** Section of the wire spec, e.g. `1.2`. */
  readonly spec: string;
  /** Left out of the short run of `make test`: it waits for a time-out, or needs browsers. Default false. */
  readonly isSlow?: boolean;
}

/** Both servers must pass it. */
export interface CommonScenario extends Described {
  /** Rejects with what was wrong. */
  readonly run: (stage: Stage) => Promise<void>;
  readonly quirk?: undefined;
}

/** A documented difference: the same steps tell whose behaviour was seen, and each server must show its own. */
export interface QuirkScenario extends Described {
  readonly quirk: Quirk;
  /** Whose behaviour was seen; rejects when it was neither. */
  readonly observe: (stage: Stage) => Promise<ServerKind>;
}

/** One row of the table. */
export type Scenario = CommonScenario | QuirkScenario;

/** Scenarios that share one server; they run at the same time, each under names of its own. */
export interface Group {
  readonly name: string;
  /** Of the shared server, on top of what `startServer` sets. */
  readonly env?: Readonly<Record<string, string>> | (() => Promise<Readonly<Record<string, string>>>);
  readonly scenarios: readonly Scenario[];
  /** How many at once. Default 4. */
  readonly concurrency?: number;
}

/** Gives a list of scenarios its type. */
export function scenarios(list: readonly Scenario[]): readonly Scenario[] {
  return list;
}
