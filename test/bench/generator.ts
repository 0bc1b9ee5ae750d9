/** The generator as a process of its own, on a core of its own: reads what to play as JSON, prints what it measured as JSON. */
import { type Phases, playScenario } from './run.ts';
import type { Scenario } from './scenarios.ts';
import type { Target } from './target.ts';

/** The one argument, as JSON. */
export interface GeneratorOrder {
  readonly scenario: Scenario;
  readonly target: Target;
  readonly phases: Phases;
}

if (import.meta.main) {
  const { scenario, target, phases } = JSON.parse(process.argv[2] ?? '') as GeneratorOrder;
  process.stdout.write(JSON.stringify(await playScenario(scenario, target, phases)));
  // The media library keeps threads that nobody waits for.
  process.exit(0);
}
