/** The two servers, and where they deliberately differ. */

/** The servers that every scenario runs on. */
export const serverKinds = ['rtcd', 'ours'] as const;

/** One of them. */
export type ServerKind = (typeof serverKinds)[number];

/** Where ours is deliberately different: what each does, and why. */
export interface Quirk {
  /** What rtcd does. */
  readonly rtcd: string;
  /** What ours does instead. */
  readonly ours: string;
  /** Why that is better, or why nobody notices. */
  readonly reason: string;
  /** rtcd shows it only at times, so seeing our behaviour there is no failure. Default false. */
  readonly isIntermittent?: boolean;
}
