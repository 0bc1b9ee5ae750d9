import type { Patch } from '../patch.ts';

/**
 * The level observer tells the level of each packet instead of the mean of an
 * interval: whether somebody speaks is judged by how much levels vary (wire spec
 * 5), and a mean hides that. Four messages a second for a call, as before.
 */
export const levelPatches: readonly Patch[] = [
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
