/** Images of scenarios that never become ready, or may not be published. */

/** Their tags. */
export const badTags: readonly string[] = ['broken', '0.16.0'];

/** Whether it is one of them. */
export function isBad(image: string): boolean {
  return badTags.some((tag) => image.endsWith(tag));
}
