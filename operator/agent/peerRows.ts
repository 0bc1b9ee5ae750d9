/** The lines of the file `peers` as rows for coturn, which ignores what it cannot read without a word. Pure. */
import { isIP } from 'node:net';

/** See the file comment. */
export interface PeerRows {
  readonly rows: readonly string[];
  readonly problems: readonly string[];
}

/** An address, or two with a dash between them. Anything else is no row, and told: it would be a peer that is not reached. */
export function peerRows(text: string): PeerRows {
  const lines = [...new Set(text.split('\n').map((line) => line.trim()))].filter((line) => line !== '');
  const judged = lines.map((line) => ({ line, problem: problemOf(line) }));
  return {
    rows: judged.filter(({ problem }) => problem === undefined).map(({ line }) => line),
    problems: judged.flatMap(({ line, problem }) =>
      problem === undefined ? [] : [`peers: ${line}: ${problem}`],
    ),
  };
}

function problemOf(line: string): string | undefined {
  const [first = '', last = first, ...rest] = line.split('-').map((part) => part.trim());
  const family = isIP(first);
  if (rest.length > 0 || family === 0 || isIP(last) !== family)
    return 'is neither an address nor first-last: fix peers.allow';
  if (isAny(first)) return 'coturn takes it for every address of both families: name the network itself';
  return undefined;
}

/** `0.0.0.0` and `::`, however they are written. */
function isAny(address: string): boolean {
  return /^[0:.]+$/.test(address);
}
