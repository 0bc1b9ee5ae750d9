/**
 * The program that calls: a child of the server, because a WebRTC library is native code, and what goes wrong in it
 * must not end anybody's call. Reads one job from its standard input and writes one report to its output.
 */
import { text } from 'node:stream/consumers';
import { callOver } from './call.ts';
import { checkOver } from './check.ts';
import { inParallel } from './inParallel.ts';
import { pathsTo } from './paths.ts';
import { type ProbeReport, type ProbeRequest, reportOf } from './report.ts';
import { mediaPortsOf } from './wire.ts';

/** What the server hands over. */
export type ProbeJob = ProbeRequest & { readonly adminKey: string };

/** For the answer to `/stats`. */
const timeoutMs = 5_000;

/** Calls at the same time. */
const parallel = 8;

async function probe(job: ProbeJob): Promise<ProbeReport> {
  const paths = pathsTo(job.addresses, await mediaPortsOf(job, timeoutMs));
  return reportOf(
    await inParallel(paths, parallel, (path) =>
      path.protocol === 'udp' ? callOver(path, job) : checkOver(path, job),
    ),
  );
}

const job = JSON.parse(await text(process.stdin)) as ProbeJob;
const report = await probe(job).catch((error: unknown): ProbeReport => {
  const reason = error instanceof Error ? error.message : String(error);
  return { ok: false, message: `the API at ${job.origin} cannot be used: ${reason}`, paths: [] };
});
process.stdout.write(JSON.stringify(report), () => process.exit(0));
