/** `npm run churn`: ten thousand sessions come and go; every level must return. Writes `docs/evidence/churn.json`. Last line: `N passed, N failed`. */
import { parseArgs } from 'node:util';

import { writeEvidence } from '../../setup/evidence.ts';
import { churn } from './run.ts';
import { waves } from './waves.ts';

const { values: options } = parseArgs({
  options: {
    sessions: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '4' },
    /** Write no evidence: a try-out. */
    dry: { type: 'boolean', default: false },
  },
});
const sessions = Number(options.sessions);
const judged = await churn({
  sessions,
  rounds: Number(options.rounds),
  waves,
  say: (line) => console.log(line),
});
for (const { name, values, allowed, isKept } of judged)
  console.log(
    `${isKept ? 'kept  ' : 'FAILED'} ${name}: ${values.join(' ')} (allowed: ${allowed} more than the first)`,
  );
if (!options.dry)
  await writeEvidence('churn', 'npm run churn', {
    sessionsInAll: sessions,
    ...Object.fromEntries(judged.map(({ name, values }) => [name, values.join(' ')])),
  });
const failed = judged.filter(({ isKept }) => !isKept).length;
console.log(`\n${judged.length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
