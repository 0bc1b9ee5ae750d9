/**
 * Pure: the worker's build asks Meson for subprojects that it would download.
 * In their place come projects of a few lines that name Debian's libraries.
 */

/** What stands in for one download. */
interface StandIn {
  /** Meson expressions by the variable that the worker's build reads. */
  readonly dependencies: Readonly<Record<string, string>>;
  /** Variables that must be static libraries; empty ones, for the code is in Debian's shared library. */
  readonly archives: readonly string[];
  /** Options that the worker's build sets; they have no effect here. */
  readonly options?: readonly string[];
  /** Our own headers: file name in `native/` by path below `include/`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The name by which `dependency()` finds the project, where it is not asked for as a subproject. */
  readonly provides?: string;
}

const included = "include_directories: include_directories('include')";

/** The sources that lie beside (`libsrtp.ts`), with OpenSSL's AES and SHA-1, which use what the processor has for them. */
const srtpOptions = "'crypto-library=openssl', 'tests=disabled', 'default_library=static'";

const standIns: Readonly<Record<string, StandIn>> = {
  libuv: {
    dependencies: { libuv_dep: "dependency('libuv', version: '>=1.44')" },
    archives: ['libuv'],
    options: ['build_tests', 'build_benchmarks'],
  },
  openssl: {
    dependencies: { openssl_dep: "dependency('openssl', version: '>=3.0')" },
    archives: ['libcrypto_lib', 'libssl_lib'],
  },
  libsrtp3: {
    dependencies: {
      libsrtp2: `subproject('libsrtp2', default_options: [${srtpOptions}])`,
      libsrtp3_dep: `declare_dependency(link_with: libsrtp2.get_variable('libsrtp2'), ${included})`,
    },
    archives: ['libsrtp3'],
    options: ['crypto-library', 'crypto-library-kdf', 'tests'],
    headers: { 'srtp.h': 'srtp.h' },
  },
  flatbuffers: {
    dependencies: { flatbuffers_dep: 'declare_dependency()' },
    archives: ['flatbuffers_lib'],
  },
  'abseil-cpp': {
    dependencies: {
      absl_strings_dep: "dependency('absl_strings')",
      absl_types_dep: "dependency('absl_bad_optional_access')",
      absl_container_dep: 'declare_dependency()',
    },
    archives: ['absl_container_lib'],
  },
  'unordered-dense': {
    dependencies: { ankerl_unordered_dense_dep: `declare_dependency(${included})` },
    archives: [],
    headers: { 'ankerl/unordered_dense.h': 'unordered_dense.h' },
    provides: 'unordered_dense',
  },
};

/** A file to write: its text, or the name of a file of `native/` to copy. */
export type Content = { readonly text: string } | { readonly native: string };

/** Every file of the worker's `subprojects/`, by path. */
export function subprojectFiles(): ReadonlyMap<string, Content> {
  const files = Object.entries(standIns).flatMap(([name, standIn]) => filesOf(name, standIn));
  return new Map(files);
}

function filesOf(name: string, standIn: StandIn): [string, Content][] {
  const headers = Object.entries(standIn.headers ?? {});
  const options = standIn.options ?? [];
  return [
    [`${name}/meson.build`, { text: buildFile(name, standIn) }],
    [`${name}/empty.c`, { text: 'typedef int nothing;\n' }],
    ...headers.map(([path, native]): [string, Content] => [`${name}/include/${path}`, { native }]),
    ...(options.length > 0 ? [optionsFile(name, options)] : []),
    ...(standIn.provides === undefined ? [] : [wrapFile(name, standIn.provides, standIn)]),
  ];
}

function buildFile(name: string, standIn: StandIn): string {
  const lines = [
    `project('${name}', 'c', 'cpp')`,
    ...Object.entries(standIn.dependencies).map(([variable, value]) => `${variable} = ${value}`),
    ...standIn.archives.map(
      (variable) => `${variable} = static_library('${variable}_empty', 'empty.c', build_by_default: false)`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function optionsFile(name: string, options: readonly string[]): [string, Content] {
  const lines = options.map((option) => `option('${option}', type: 'string', value: '')\n`);
  return [`${name}/meson_options.txt`, { text: lines.join('') }];
}

function wrapFile(name: string, provided: string, standIn: StandIn): [string, Content] {
  const [variable = ''] = Object.keys(standIn.dependencies);
  return [
    `${name}.wrap`,
    { text: `[wrap-file]\ndirectory = ${name}\n\n[provide]\n${provided} = ${variable}\n` },
  ];
}
