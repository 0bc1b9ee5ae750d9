/** What `make test` consists of. */

/** Of package.json's `check`; each counts as one test. */
export const checks = ['generate:check', 'lint', 'types', 'graph'] as const;

/** Of jest.config.js. */
export const projects = ['unit', 'media', 'control-plane', 'story'] as const;

/** What `make test-all` runs beyond them: whatever takes too long to guard main. */
export const longProjects = ['long'] as const;

/** Servers that the conformance scenarios run on. */
export const conformanceServers = ['rtcd', 'ours'] as const;

/** A project of jest. */
export interface TestsPart {
  readonly kind: 'tests';
  readonly name: (typeof projects)[number] | (typeof longProjects)[number];
  /** Which share of its files, as jest's `--shard` reads it. Default: all. */
  readonly shard?: string;
}

/** One part of a run. */
export type Part =
  | { readonly kind: 'check'; readonly name: (typeof checks)[number] }
  | TestsPart
  | { readonly kind: 'conformance'; readonly name: (typeof conformanceServers)[number] };

/** Parts that run at the same time: most of their time they wait for timers, packets and clusters. */
export const partsAtOnce = 3;

/**
 * One stage after the other, the parts of a stage side by side, in this order. The generators write into the tree that
 * the others read, and what is long measures: both have the machine for themselves. The longest parts begin first, after
 * the checks that take seconds, so that the last ones end together.
 */
export function stagesOf(isAll: boolean): readonly (readonly Part[])[] {
  const [generated, ...otherChecks] = checks.map((name): Part => ({ kind: 'check', name }));
  const [unit, media, controlPlane, story] = projects.map((name): TestsPart => ({ kind: 'tests', name }));
  // The longest part, with a control plane for each file: as two, it is not what the others wait for.
  const controlPlanes = ['1/2', '2/2'].map((shard): TestsPart => ({ ...controlPlane!, shard }));
  const conformance = conformanceServers.map((name): Part => ({ kind: 'conformance', name }));
  const long = longProjects.map((name): readonly Part[] => [{ kind: 'tests', name }]);
  return [
    [generated!],
    [media!, ...otherChecks, ...controlPlanes, story!, unit!, ...conformance],
    ...(isAll ? long : []),
  ];
}
