import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** Sources whose result may depend on their arguments only. */
const pure = [
  'operator/{api,fleet,desired}/**/*.ts',
  'operator/cli/{views,doctor}/**/*.ts',
  'operator/cli/text.ts',
  'operator/record/{changes,decision,record,redact}.ts',
  'operator/reconcile/{intent,plan,owned,action,marks,events,problem,steer,turns,view,keys,rivals}.ts',
  'operator/reconcile/plan/*.ts',
  'operator/turn/*.ts',
  'operator/kube/{backoff,eventSeries,lease,retry,status,storeIndex,trim,watchEnd}.ts',
  'operator/facts/{answer,targets}.ts',
  'operator/agent/{allocations,peerRows,rows,signals,wanted}.ts',
  'operator/facts/turn/{message,values,credential,channelData}.ts',
  'sfu/{protocol,sdp}/**/*.ts',
  'sfu/call/{state,events,effects,counts}.ts',
  'sfu/call/decide/**/*.ts',
  'sfu/config/{addresses,document,nearest,override,ports,rules}.ts',
  'sfu/media/{placement,rtp,workerMeter}.ts',
  'sfu/ops/{load,logText,status}.ts',
  'sfu/ws/upgrade.ts',
];

const noEnums = { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' };

/**
 * Folders a folder may not import from: the arrows of ARCHITECTURE.md, one way each. A file must match one
 * block at most, or the later one hides the earlier; what concerns whole programs is in dependency-cruiser.config.js.
 */
const mayNotImport = (files, folders, message) => ({
  files,
  rules: { 'no-restricted-imports': ['error', { patterns: [{ group: folders, message }] }] },
});

export default tseslint.config(
  { ignores: ['node_modules', 'dist', 'coverage', 'demo/page/client/vendor'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      complexity: ['error', 10],
      'max-depth': ['error', 3],
      'max-params': ['error', 3],
      'max-lines': ['error', 400],
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true, named: true } }],
      'no-restricted-syntax': ['error', noEnums],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    files: pure,
    rules: {
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Pure: take the time as an argument.' },
        { object: 'Math', property: 'random', message: 'Pure: take the randomness as an argument.' },
      ],
      // A later block replaces the options of an earlier one, so the first rule is named again.
      'no-restricted-syntax': [
        'error',
        noEnums,
        { selector: ':function[async=true]', message: 'Pure: no async.' },
        { selector: 'AwaitExpression', message: 'Pure: no await.' },
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Pure: take the time as an argument.',
        },
      ],
    },
  },
  mayNotImport(
    ['sfu/protocol/**/*.ts', 'sfu/sdp/**/*.ts'],
    ['**/http/**', '**/ws/**', '**/media/**', '**/call/**', '**/auth/**', '**/ops/**'],
    'Wire formats know nothing of who uses them.',
  ),
  mayNotImport(
    ['sfu/call/**/*.ts'],
    ['**/http/**', '**/ws/**', 'mediasoup*', 'fastify', 'ws'],
    'A call knows media and sockets only as data.',
  ),
  mayNotImport(
    ['sfu/media/**/*.ts'],
    ['**/http/**', '**/ws/**', '**/call/actor*', '**/call/decide*'],
    'Media reports events, it never calls back up.',
  ),
  mayNotImport(
    ['sfu/ws/**/*.ts', 'sfu/http/**/*.ts'],
    ['**/media/**', 'mediasoup*'],
    'The shells of the API never touch media.',
  ),
  mayNotImport(
    ['operator/{api,fleet,desired}/**/*.ts'],
    ['**/kube/**', '**/reconcile/**', '**/facts/**', '**/ops/**', '@kubernetes/*', 'undici'],
    'Pure folders import pure folders, zod and types.',
  ),
  {
    files: ['test/**/*.ts', 'demo/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', 'max-lines': ['error', 400] },
  },
  {
    files: ['**/*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  {
    files: ['demo/page/client/**/*.js'],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'window',
          'document',
          'navigator',
          'location',
          'WebSocket',
          'RTCPeerConnection',
          'RTCSessionDescription',
          'RTCIceCandidate',
          'MediaStream',
          'AudioContext',
          'Audio',
          'fetch',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
          'requestAnimationFrame',
          'performance',
          'CompressionStream',
          'DecompressionStream',
          'Response',
          'Blob',
          'TextEncoder',
          'TextDecoder',
          'URLSearchParams',
          'crypto',
          'localStorage',
          'sessionStorage',
          'matchMedia',
          'history',
          'CustomEvent',
          'EventTarget',
          'EventSource',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
);
