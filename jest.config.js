/**
 * Projects by what a test needs: nothing, the media worker, a Kubernetes control
 * plane, or everything at once; `long` is for whatever only `make test-all` waits for. `npm run jest -- --selectProjects unit`.
 */
const base = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
};
const project = (displayName, pattern, more = {}) => ({
  ...base,
  displayName,
  testMatch: [`<rootDir>/test/**/*.${pattern}.ts`],
  ...more,
});

export default {
  projects: [
    project('unit', 'test'),
    project('media', 'media'),
    project('control-plane', 'kube'),
    project('story', 'story'),
    project('long', 'long'),
  ],
  testTimeout: 20_000,
};
