/** Every leaf of `spec`: how to see what it does. One file per part of the spec in `sections/`. */
import type { Section } from './entry.ts';
import { drain } from './sections/drain.ts';
import { engine } from './sections/engine.ts';
import { network } from './sections/network.ts';
import { nodes } from './sections/nodes.ts';
import { plans } from './sections/plans.ts';
import { scaling } from './sections/scaling.ts';
import { update } from './sections/update.ts';
import { wiring } from './sections/wiring.ts';

/** See the file comment. */
export const fields: Section = {
  ...engine,
  ...scaling,
  ...plans,
  ...drain,
  ...network,
  ...wiring,
  ...nodes,
  ...update,
};
