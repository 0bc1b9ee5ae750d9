/** Where Debian's packages and their sources are fetched from. */

/** `DEBIAN_MIRROR`, else Debian's own. */
export function debianMirror(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const given = env['DEBIAN_MIRROR'];
  return given === undefined || given === '' ? 'http://deb.debian.org/debian' : given;
}
