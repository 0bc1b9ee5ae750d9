/** `make fuzz`: the decoders and the call in this process, then a real server with a call on it. Last line: `N passed, N failed`. */
import { parseArgs } from 'node:util';

import fc from 'fast-check';

import { writeEvidence } from '../setup/evidence.ts';
import { decideEdge } from './decide.ts';
import { decoderEdges, type PureEdge } from './decoders.ts';
import { liveEdges } from './live/edges.ts';
import { runLive } from './live/run.ts';
import { type EdgeTotals, evidenceOf, noTotals, problemsOf, rowOf, tableHead } from './totals.ts';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Math.trunc(Math.random() * 2 ** 31)) },
    minutes: { type: 'string', default: '5' },
    /** Inputs of a round. */
    count: { type: 'string', default: '300' },
    /** Only this edge. */
    edge: { type: 'string' },
    /** Keep the totals in `docs/evidence/fuzz.json`. */
    evidence: { type: 'boolean', default: false },
    /** First round of the live edges. */
    round: { type: 'string', default: '0' },
  },
});
const seed = Number(options.seed);
const timeMs = Number(options.minutes) * 60_000;
const isWanted = ({ name }: { readonly name: string }): boolean =>
  options.edge === undefined || options.edge === name;

console.log(
  `seed ${seed}: node test/fuzz/main.ts --seed ${seed} --minutes ${options.minutes} draws the same again`,
);

const pure = [...decoderEdges, decideEdge].filter(isWanted);
const live = liveEdges.filter(isWanted);
const pureTimeMs = timeMs / (live.length === 0 ? 1 : 4) / Math.max(1, pure.length);
const totals = pure.map((edge) => runPure(edge, pureTimeMs));
if (live.length > 0)
  totals.push(
    ...(await runLive({
      edges: live,
      seed,
      firstRound: Number(options.round),
      count: Number(options.count),
      timeMs: (timeMs * 3) / 4,
    })),
  );

if (options.evidence)
  await writeEvidence('fuzz', `make fuzz FUZZ="--minutes ${options.minutes}"`, evidenceOf(totals, seed));
console.log(tableHead);
for (const one of totals) console.log(rowOf(one));
for (const one of totals)
  for (const problem of problemsOf(one)) console.log(`\nFAILED ${one.name}: ${problem}`);
const failed = totals.filter((one) => problemsOf(one).length > 0).length;
console.log(`\n${totals.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function runPure({ name, property }: PureEdge, limitMs: number): EdgeTotals {
  const details = fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: limitMs,
    markInterruptAsFailure: false,
  });
  const crashes = details.failed ? [fc.defaultReportMessage(details) ?? 'failed without a message'] : [];
  return { ...noTotals(name), inputs: details.numRuns, crashes };
}
