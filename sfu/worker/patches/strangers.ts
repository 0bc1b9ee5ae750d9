import type { Patch } from '../patch.ts';

/**
 * Whoever connects by TCP and says nothing may stay for ever, with a buffer of
 * 64 KiB. One that we never sent a byte to has not shown the ICE credentials of
 * any session: beyond so many connections the oldest such one makes room, so they
 * are kept in the order in which they came.
 */
export const strangerPatches: readonly Patch[] = [
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
