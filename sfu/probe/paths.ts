/** Pure: the paths that are probed, and descriptions that leave a client no other. */
import { isIP } from 'node:net';
import { parseListenAddress } from '../config/listenAddress.ts';
import type { Stats } from '../http/stats.ts';
import { candidateLines } from '../sdp/candidates.ts';
import type { Path } from './report.ts';

/** Every port of a server at every address: worker i is on first port + i, also where another port is told. */
export function pathsTo(targets: readonly string[], mediaPorts: Stats['mediaPorts']): Path[] {
  return targets.flatMap((target) =>
    (['udp', 'tcp'] as const).flatMap((protocol) => {
      const ports = mediaPorts[protocol];
      const { address, first } = addressOf(target, ports?.first ?? 0);
      const count = ports === null ? 0 : ports.last - ports.first + 1;
      return Array.from({ length: count }, (_, worker) => ({
        ...{ target, address, protocol, worker },
        port: first + worker,
      }));
    }),
  );
}

function addressOf(target: string, boundPort: number): { readonly address: string; readonly first: number } {
  const parsed = isIP(target) === 0 ? parseListenAddress(target) : undefined;
  return parsed === undefined
    ? { address: target, first: boundPort }
    : { address: parsed.host, first: parsed.port };
}

/** The description with one candidate: the path. */
export function onPath(sdp: string, { protocol, address, port }: Path): string {
  const [line] = candidateLines([{ protocol, address, port }]);
  const lines = sdp.split('\r\n').filter((text) => !/^a=(candidate:|end-of-candidates)/.test(text));
  const last = lines.findIndex((text) => text.startsWith('a=ice-pwd:'));
  return lines.toSpliced(last + 1, 0, `a=${line ?? ''}`).join('\r\n');
}
