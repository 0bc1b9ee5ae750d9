/** The machines that a worker can be built for here. */
import { arm64Target } from './cross.ts';
import { buildPackages, runtimePackages } from './packages.ts';
import type { Target } from './target.ts';
import { verifyWorker } from './verify.ts';

const native: Target = {
  arch: process.arch,
  packages: buildPackages,
  toolchain: () => Promise.resolve({ mesonArguments: [], strip: 'strip' }),
  verify: verifyWorker,
  runtimePackages,
};

/** The target of this name. Throws for one that nothing here builds. */
export function targetFor(arch: string): Target {
  if (arch === native.arch) return native;
  if (arch === arm64Target.arch) return arm64Target;
  throw new Error(`the media worker for ${arch} is not built on ${process.arch}: only arm64 is`);
}
