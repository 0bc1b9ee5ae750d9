/** Pure: what perf(1) saw of a server, as parts that somebody could work on. */
import type { ServerKind } from '../../contract/quirk.ts';

/** A part of what a packet costs. */
export interface Part {
  readonly name: string;
  /** Of all samples of the server, 0 to 1. */
  readonly share: number;
}

/** One line of `perf report --sort comm,dso`: a share of samples by thread and by the file that the code is of. */
interface Line {
  readonly share: number;
  readonly thread: string;
  readonly file: string;
}

type Namer = (line: Line) => string;

const kernel = 'kernel: sockets, the way from one to the other, waking up';

/** The media worker is a process of its own; the server's one counts as a whole. */
const ofOurs: Namer = ({ thread, file }) => {
  if (!thread.startsWith('mediasoup')) return 'server’s process (Node), with what the kernel does for it';
  if (file.startsWith('[')) return kernel;
  if (/^lib(?:crypto|ssl)\./.test(file)) return 'OpenSSL';
  return file.startsWith('mediasoup')
    ? 'media worker, libsrtp with it'
    : 'libraries of C and C++, libuv with them';
};

const ofRtcd: Namer = ({ file }) => (file.startsWith('[') ? kernel : 'rtcd, Go’s runtime with it');

const namers: Readonly<Record<ServerKind, Namer>> = { ours: ofOurs, rtcd: ofRtcd };

/** The greatest first; shares add up to 1. */
export function partsOf(kind: ServerKind, report: string): readonly Part[] {
  const lines = report.split('\n').flatMap(parsed);
  const whole = lines.reduce((sum, { share }) => sum + share, 0);
  const shares = new Map<string, number>();
  for (const line of lines) {
    const name = namers[kind](line);
    shares.set(name, (shares.get(name) ?? 0) + line.share / whole);
  }
  return [...shares].map(([name, share]) => ({ name, share })).sort((a, b) => b.share - a.share);
}

/** `    34.14%  mediasoup-worke  libcrypto.so.3` */
function parsed(text: string): Line[] {
  const found = /^\s+([\d.]+)%\s+(\S.*?)\s{2,}(\S.*?)\s*$/.exec(text);
  if (found === null) return [];
  const [, percent, thread = '', file = ''] = found;
  return [{ share: Number(percent) / 100, thread, file }];
}
