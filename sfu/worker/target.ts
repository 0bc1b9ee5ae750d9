/** What differs between the machines that a worker is built for. */

/** What `meson setup` and the last step of the build are told. */
export interface Toolchain {
  readonly mesonArguments: readonly string[];
  readonly strip: string;
}

/** A kind of machine. */
export interface Target {
  /** Node's name. */
  readonly arch: string;
  /** Debian packages that a build takes. */
  readonly packages: readonly string[];
  /** Gets ready what no installed package brings; `work` is the build's folder. */
  toolchain(work: string): Promise<Toolchain>;
  /** Rejects unless the worker starts and makes a router. */
  verify(binary: string): Promise<void>;
  /** Debian packages that the worker needs at run time, sorted. */
  runtimePackages(binary: string): Promise<readonly string[]>;
}
