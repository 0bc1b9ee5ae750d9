/** A short round over every way in, on a real server with a call on it. `make fuzz` does the same for longer. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { type Bystander, startBystander } from './live/bystander.ts';
import { liveEdges } from './live/edges.ts';
import { attackOnce } from './live/round.ts';
import { startTarget, type Target } from './live/target.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));

let target: Target;
let bystander: Bystander;

beforeAll(async () => {
  target = await startTarget();
  bystander = await startBystander(target.sfu.url);
});

afterAll(async () => {
  bystander.close();
  await target.sfu.stop();
});

test.each(liveEdges.map((edge) => [edge.name, edge] as const))(
  `%s: hostile bytes disturb nobody (FUZZ_SEED=${seed})`,
  async (_name, edge) => {
    const outcome = await attackOnce(edge, { target, bystander }, { seed, count: 100 });
    expect(outcome).toMatchObject({ crash: undefined, disturbance: undefined });
    expect(outcome.inputs).toBeGreaterThan(0);
  },
  60_000,
);
