/** What people are told of a condition and its reasons: the one place where they are named, beside where they are given. */

/** Reasons by what they ask of a person. */
export interface ReasonHelp {
  /** All is as it should be, or as somebody wished. */
  readonly well?: readonly string[];
  /** It goes on by itself. */
  readonly passing?: readonly string[];
  /** What the condition says is not so, yet nothing is broken: somebody may choose to live with it. */
  readonly bearable?: readonly string[];
  /** What to do. */
  readonly toDo?: Readonly<Record<string, string>>;
}

/** One condition. */
export interface ConditionHelp extends ReasonHelp {
  /** What it means that it is True. */
  readonly means: string;
  /** True is what is not usual. */
  readonly isAbnormal?: true;
  /** It may carry the reasons of these, too. */
  readonly also?: string;
}
