/** One edge attacked once: what came of it for the server and for the people in the call beside it. */
import type { Bystander } from './bystander.ts';
import type { LiveEdge } from './edges.ts';
import { type Look, type Target, troubleOf } from './target.ts';

/** The outcome. */
export interface Outcome {
  readonly inputs: number;
  readonly before: Look;
  /** Undefined when the server is no more. */
  readonly after: Look | undefined;
  readonly crash: string | undefined;
  readonly disturbance: string | undefined;
}

/** Attacks, then listens to half a second of the bystanders' call. Rejects only when the attack itself cannot be made. */
export async function attackOnce(
  edge: LiveEdge,
  { target, bystander }: { readonly target: Target; readonly bystander: Bystander },
  draw: { readonly seed: number; readonly count: number },
): Promise<Outcome> {
  const before = await target.look();
  const attack = edge.attack(target, { seed: draw.seed, count: Math.ceil(draw.count * edge.share) });
  const inputs = await attack.catch((error: unknown) => error as Error);
  const crash = (await troubleOf(target)) ?? (typeof inputs === 'number' ? undefined : inputs.message);
  const silence = await bystander.hearsMore(25).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  const after = await target.look().catch(() => undefined);
  const made = typeof inputs === 'number' ? inputs : 0;
  return {
    inputs: made,
    before,
    after,
    crash: crash ?? floodOf((after?.logLines ?? 0) - before.logLines, made),
    disturbance: silence ?? bystander.disturbance(),
  };
}

/** Lines of the log that an input may cost, and lines that a round may cost besides. */
const [linesPerInput, freeLines] = [10, 2_000];

/** An input may hold thousands of frames, and still the log must be readable. */
function floodOf(lines: number, inputs: number): string | undefined {
  return lines > freeLines + linesPerInput * inputs
    ? `${lines} lines of log for ${inputs} inputs`
    : undefined;
}
