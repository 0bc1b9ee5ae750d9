/** `npm run scoreboard`: plays every demand through every policy, keeps the figures, draws the charts and the page. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeEvidence } from '../setup/evidence.ts';
import { playAll } from './board.ts';
import { chartOf } from './chart.ts';
import { chartPath, figuresOf, pageWith } from './page.ts';

const docs = join(import.meta.dirname, '../../docs');
const page = join(docs, 'autoscaling.md');

const rounds = playAll();
for (const round of rounds) await writeFile(join(docs, chartPath(round.trace.name)), chartOf(round));
await writeFile(page, pageWith(await readFile(page, 'utf8'), rounds));
await writeEvidence('autoscaling', 'make scoreboard', figuresOf(rounds));
for (const { trace, outcomes } of rounds)
  for (const { policy, overloadedMinutes, podHours, reversals } of outcomes)
    process.stdout.write(
      `${trace.name.padEnd(12)} ${policy.padEnd(24)} ${overloadedMinutes.toFixed(1).padStart(6)} min overloaded ${podHours.toFixed(1).padStart(6)} pod-hours ${reversals} reversals\n`,
    );
