/** `node test/bench/redraw.ts`: draws `docs/performance.md` again from the run that was kept, without measuring anything. */
import { drawPage, readKept } from './report.ts';

const kept = await readKept();
await drawPage(kept, kept);
