/** Writes the price list that the operator counts with, from what `make prices` measured. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { evidenceDir, readEvidence } from '../setup/evidence.ts';
import { priceListSource } from './priceListSource.ts';

const file = join(import.meta.dirname, '../../operator/fleet/scale/priceList.ts');
const evidence = (await readEvidence(evidenceDir)).get('prices');
if (evidence !== undefined) await writeFile(file, priceListSource(evidence.values['millicores']));
