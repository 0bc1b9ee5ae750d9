/** PURE: where the sources are, as anybody may read it: who checked them out may have a token in the URL. */

/** `https://user:token@host/path` without the part before `@`, as is `git@host:path`; blanks at its ends do not count. */
export function publicUrl(found: string): string {
  const text = found.trim();
  if (!URL.canParse(text)) return text.replace(/^[^@/]*@/, '');
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  url.hash = '';
  return url.href;
}
