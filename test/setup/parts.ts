/** What `make test` consists of, cheapest first. */

/** Of package.json's `check`; each counts as one test. */
export const checks = ['generate:check', 'lint', 'types', 'graph'] as const;

/** Of jest.config.js. All but `unit` share the machine's namespaces, ports and cores: one file at a time. */
export const projects = ['unit', 'media', 'control-plane', 'story'] as const;

/** What `make test-all` runs beyond them: whatever takes too long to guard main. */
export const longProjects = ['long'] as const;

/** Servers that the conformance scenarios run on. */
export const conformanceServers = ['rtcd', 'ours'] as const;
