/** Since when pods carry what a person wants of them, by the server's clock. */
import { annotations } from '../../../../operator/desired/names.ts';
import type { KubeObject } from '../../../../operator/kube/api.ts';

/** See the file comment. */
export class RequestTimes {
  readonly #known = new Map<string, { readonly state: string; readonly sinceMs: number }>();

  /** Told of each change of a pod. */
  note({ metadata: { uid = '', annotations: marks } }: KubeObject, nowMs: number): void {
    const state = marks?.[annotations.requestedState];
    if (state === undefined) this.#known.delete(uid);
    else if (this.#known.get(uid)?.state !== state) this.#known.set(uid, { state, sinceMs: nowMs });
  }

  /** Milliseconds since the epoch; undefined when nobody wants anything of the pod with this uid. */
  sinceMs(uid: string): number | undefined {
    return this.#known.get(uid)?.sinceMs;
  }
}
