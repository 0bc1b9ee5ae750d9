/** The import graph: no cycles, one-way layers, mediasoup behind its port. The same arrows as in ARCHITECTURE.md. */
export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'operator-and-sfu-are-apart',
      severity: 'error',
      from: { path: '^operator/' },
      to: { path: '^sfu/' },
    },
    {
      name: 'sfu-and-operator-are-apart',
      severity: 'error',
      from: { path: '^sfu/' },
      to: { path: '^operator/' },
    },
    {
      name: 'product-does-not-import-tests',
      severity: 'error',
      from: { path: '^(operator|sfu|crds|charts)/' },
      to: { path: '^(test|demo)/' },
    },
    {
      name: 'mediasoup-behind-its-port',
      severity: 'error',
      from: { path: '^sfu/(?!(media|worker)/)' },
      to: { path: 'node_modules/mediasoup/' },
    },
    {
      name: 'pure-operator',
      severity: 'error',
      from: { path: '^operator/(api|fleet|desired)/' },
      to: {
        path: '^(operator/(kube|reconcile|facts|ops|main|config)|node_modules/(@kubernetes|undici|pino))',
      },
    },
    {
      name: 'pure-sfu',
      severity: 'error',
      from: { path: '^sfu/(protocol|sdp)/' },
      to: { path: '^sfu/(http|ws|media|call|auth|ops|main|app|config)' },
    },
    {
      name: 'only-main-imports-main',
      severity: 'error',
      from: {},
      to: { path: '^(operator|sfu)/main\\.ts$' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^(operator|sfu)/', pathNot: '(main|generate)\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
