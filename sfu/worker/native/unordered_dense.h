// Stands in for ankerl::unordered_dense, which Debian does not package. The
// worker needs its names, not its layout: what it relies on (references stay
// valid at most until the next insertion, erase() returns the next element) the
// standard containers promise as well.
#ifndef RTC_WORKER_UNORDERED_DENSE_H
#define RTC_WORKER_UNORDERED_DENSE_H

#include <functional>
#include <unordered_map>
#include <unordered_set>

namespace ankerl::unordered_dense
{
	template<typename T>
	using hash = std::hash<T>;

	template<typename Key, typename Value, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using map = std::unordered_map<Key, Value, Hash, Equal>;

	template<typename Key, typename Hash = hash<Key>, typename Equal = std::equal_to<Key>>
	using set = std::unordered_set<Key, Hash, Equal>;
} // namespace ankerl::unordered_dense

#endif
