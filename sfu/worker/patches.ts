/** Pure: the few lines of the worker's sources that do not fit Debian 12, or us. */
import type { Patch } from './patch.ts';
import { fanOutPatches } from './patches/fanOut.ts';
import { levelPatches } from './patches/levels.ts';
import { pingPatches } from './patches/pings.ts';
import { strangerPatches } from './patches/strangers.ts';

/** In the order in which they are applied. */
export const patches: readonly Patch[] = [
  {
    // Debian 12 has Meson 1.0.1, and nothing of 1.1 is used.
    file: 'meson.build',
    from: "meson_version: '>= 1.1.0'",
    to: "meson_version: '>= 1.0.0'",
  },
  {
    file: 'meson.build',
    from: "  cpp_args: cpp_args + ['-DMS_EXECUTABLE'],",
    to: "  cpp_args: cpp_args + ['-DMS_EXECUTABLE'],\n  cpp_pch: 'pch/precompiled.hpp',",
  },
  {
    // Debian's OpenSSL is built with kernel TLS. The callback answers 1 to every
    // finished operation but a plain return, so also to "is kernel TLS on?";
    // libssl then allocates no write buffer and crashes in the first handshake.
    // Handing back the operation's own result is what a callback is meant to do.
    file: 'src/RTC/DtlsTransport.cpp',
    from: '(operationType == BIO_CB_RETURN) ?',
    to: '((operationType & BIO_CB_RETURN) != 0) ?',
  },
  {
    // systemd sends SIGTERM to every process of a unit, a terminal its Ctrl-C to
    // every process of the group. The worker would end, and every call with it;
    // but when to end is for the drain to say. It still ends with its parent,
    // whose end closes the channel.
    file: 'src/Worker.cpp',
    from: '\t\tthis->signalHandle->AddSignal(SIGINT, "INT");\n\t\tthis->signalHandle->AddSignal(SIGTERM, "TERM");\n',
    to: '',
  },
  {
    file: 'src/lib.cpp',
    from: '\t\t{ "PIPE", SIGPIPE },\n',
    to: '\t\t{ "PIPE", SIGPIPE },\n\t\t{ "INT", SIGINT },\n\t\t{ "TERM", SIGTERM },\n',
  },
  ...levelPatches,
  ...strangerPatches,
  ...pingPatches,
  ...fanOutPatches,
];
