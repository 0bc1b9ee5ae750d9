/** A node, as far as an SFU pod on it is concerned, as plain data. */

/** core/v1 Taint without its time. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. */
  readonly effect: string;
}

/** See the file comment. */
export interface NodeView {
  readonly name: string;
  readonly isReady: boolean;
  /** `spec.unschedulable`: `kubectl cordon` and `kubectl drain` set it. */
  readonly isCordoned: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** Absent on nodes of one place only. */
  readonly zone?: string;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
}
