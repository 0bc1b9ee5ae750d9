/** What an invariant is about: one write, and what it says of it. */
import type { Write } from './connection.ts';
import type { Scene } from './scene.ts';

/** A write, and the world right before and right after it. */
export interface Step {
  readonly write: Write;
  readonly before: Scene;
  readonly after: Scene;
}

/** Undefined: it holds. */
export type Invariant = (step: Step) => string | undefined;
