/** `HOST:PORT` as Go writes it, and the two halves of it that the owner's guide sets apart. */

/** Where to listen. An empty host means every address. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Splits `HOST:PORT`, `:PORT` or `[IPv6]:PORT`; undefined when it is none of them. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text.trim());
  if (match === null) return undefined;
  const port = Number(match[3]);
  return port <= 65_535 ? { host: match[1] ?? match[2] ?? '', port } : undefined;
}

/** The inverse of `parseListenAddress`. */
export function formatListenAddress({ host, port }: ListenAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True for what `parseListenAddress` understands. */
export function isListenAddress(text: string): boolean {
  return parseListenAddress(text) !== undefined;
}
