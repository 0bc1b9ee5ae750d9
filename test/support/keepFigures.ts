/** Figures that a test saw become evidence when a person asks for it: `EVIDENCE=write`. */
import { writeEvidence } from '../setup/evidence.ts';

/**
 * Writes `docs/evidence/<name>.json` with `EVIDENCE=write`; otherwise a test run
 * leaves the checkout alone. `tests` is the project, and the path where it is one test of many.
 */
export async function keepFigures(
  name: string,
  values: Parameters<typeof writeEvidence>[2],
  tests = 'control-plane',
): Promise<void> {
  if (process.env['EVIDENCE'] !== 'write') return;
  await writeEvidence(name, `EVIDENCE=write npm run jest -- --selectProjects ${tests}`, values);
}
