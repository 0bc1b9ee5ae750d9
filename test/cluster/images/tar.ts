/** PURE: tar archives (POSIX ustar), as far as image archives need them. */

/** One entry; directories and links have no content. */
export interface TarEntry {
  /** At most 100 bytes. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link';
  /** Default 0644, of directories 0755. */
  readonly mode?: number;
  readonly content?: Uint8Array;
  /** Where a symbolic link leads. */
  readonly target?: string;
}

const blockBytes = 512;
const typeFlags = { file: '0', link: '2', directory: '5' };

/** The archive. Owner root, time zero: the same entries give the same bytes. */
export function tar(entries: readonly TarEntry[]): Buffer {
  const parts = entries.flatMap((entry) => {
    const content = entry.content ?? new Uint8Array();
    return [header(entry, content.length), content, Buffer.alloc(-content.length & (blockBytes - 1))];
  });
  return Buffer.concat([...parts, Buffer.alloc(2 * blockBytes)]);
}

function header({ path, kind, mode, target = '' }: TarEntry, size: number): Buffer {
  if (Buffer.byteLength(path) > 100) throw new RangeError(`path too long for ustar: ${path}`);
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(path, 0);
  block.write(octal(mode ?? (kind === 'directory' ? 0o755 : 0o644), 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148); // The checksum counts as spaces while it is computed.
  block.write(typeFlags[kind], 156);
  block.write(target, 157);
  block.write('ustar\x0000', 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}
