/** Pure: the few lines of the worker's sources that do not fit Debian 12, or us. */

/** Replaces `from`, which must occur exactly once, by `to`. */
export interface Patch {
  /** Below the worker's source folder. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * The level observer tells the level of each packet instead of the mean of an
 * interval: whether somebody speaks is judged by how much levels vary (wire spec
 * 5), and a mean hides that. Four messages a second for a call, as before.
 */
const levelPatches: readonly Patch[] = [
  {
    file: 'include/RTC/AudioLevelObserver.hpp',
    from: 'size_t count{ 0 };      // Number of dBvos entries in totalSum.',
    to: 'std::vector<uint8_t> levels; // One for each packet.',
  },
  {
    file: 'include/RTC/AudioLevelObserver.hpp',
    from: 'uint16_t totalSum{ 0 }; // Sum of dBvos (positive integer).',
    to: 'static constexpr size_t MaxLevels{ 100 };',
  },
  {
    file: 'include/RTC/AudioLevelObserver.hpp',
    from: '#include <ankerl/unordered_dense.h>',
    to: '#include <ankerl/unordered_dense.h>\n#include <vector>',
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: 'dBovs.totalSum += volume;\n\t\tdBovs.count++;',
    to: 'if (dBovs.levels.size() < DBovs::MaxLevels)\n\t\t\tdBovs.levels.push_back(volume);',
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: 'std::multimap<int8_t, RTC::Producer*> mapDBovsProducer;',
    to: 'std::vector<std::pair<int8_t, RTC::Producer*>> mapDBovsProducer;',
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: 'if (dBovs.count < 10)\n\t\t\t{\n\t\t\t\tcontinue;\n\t\t\t}',
    to: 'for (const auto level : dBovs.levels)',
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: `auto avgDBov = -1 * static_cast<int8_t>(std::lround(dBovs.totalSum / dBovs.count));

\t\t\tif (avgDBov >= this->threshold)
\t\t\t{
\t\t\t\tmapDBovsProducer.insert({ avgDBov, producer });
\t\t\t}`,
    to: '\tmapDBovsProducer.emplace_back(-static_cast<int8_t>(level), producer);',
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: 'mapDBovsProducer.crbegin()',
    to: 'mapDBovsProducer.cbegin()',
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: 'mapDBovsProducer.crend()',
    to: 'mapDBovsProducer.cend()',
  },
  {
    // The name of a producer is written once, not once for each packet.
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: `CreateVolumeDirect(
\t\t\t\t    this->shared->GetChannelNotifier()->GetBufferBuilder(),
\t\t\t\t    rit->second->id.c_str(),`,
    to: `CreateVolume(
\t\t\t\t    this->shared->GetChannelNotifier()->GetBufferBuilder(),
\t\t\t\t    this->shared->GetChannelNotifier()->GetBufferBuilder().CreateSharedString(rit->second->id),`,
  },
  {
    file: 'src/RTC/AudioLevelObserver.cpp',
    from: 'dBovs.totalSum = 0;\n\t\t\tdBovs.count    = 0;',
    to: 'dBovs.levels.clear();',
  },
];

/**
 * Whoever connects by TCP and says nothing may stay for ever, with a buffer of
 * 64 KiB. One that we never sent a byte to has not shown the ICE credentials of
 * any session: beyond so many connections the oldest such one makes room, so they
 * are kept in the order in which they came.
 */
const strangerPatches: readonly Patch[] = [
  {
    file: 'include/handles/TcpServerHandle.hpp',
    from: 'ankerl::unordered_dense::set<TcpConnectionHandle*> connections;',
    to: 'std::vector<TcpConnectionHandle*> connections;',
  },
  {
    file: 'include/handles/TcpServerHandle.hpp',
    from: '#include <ankerl/unordered_dense.h>\n#include <string>',
    to: '#include <string>\n#include <vector>',
  },
  {
    file: 'src/handles/TcpServerHandle.cpp',
    from: 'this->connections.erase(connection);',
    to: 'std::erase(this->connections, connection);',
  },
  {
    file: 'src/handles/TcpServerHandle.cpp',
    from: '\t// Store it.\n\tthis->connections.insert(connection);\n',
    to: `\tif (this->connections.size() >= 1024)
\t{
\t\tfor (auto* stranger : this->connections)
\t\t{
\t\t\tif (stranger->GetSentBytes() == 0)
\t\t\t{
\t\t\t\tstranger->TriggerClose();

\t\t\t\tbreak;
\t\t\t}
\t\t}
\t}

\t// Store it.
\tthis->connections.push_back(connection);
`,
  },
];

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
];

/** `text` with `patch` applied. Throws where the sources have moved on. */
export function applyPatch(text: string, patch: Patch): string {
  const found = text.split(patch.from).length - 1;
  if (found !== 1)
    throw new Error(
      `${patch.file} of mediasoup's worker has '${patch.from}' ${found} times instead of once: look at this version's sources and mend the patch`,
    );
  return text.replace(patch.from, () => patch.to);
}
