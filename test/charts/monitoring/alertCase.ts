/** Histories in which an alert is tried. */

/** One alert. */
export interface AlertCase {
  readonly fires: Firing;
  /** Other ways to the same alert. */
  readonly firesToo?: Readonly<Record<string, Firing>>;
  readonly isSilent: Readonly<Record<string, Situation>>;
}

interface Firing extends Situation {
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}

interface Situation {
  /** From one value to the next. Default 1. */
  readonly stepMinutes?: number;
  readonly series: Readonly<Record<string, string>>;
  readonly at: string;
}
