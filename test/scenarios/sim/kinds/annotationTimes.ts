/** Since when objects carry the value that an annotation has now, by the server's clock. */
import type { KubeObject } from '../../../../operator/kube/api.ts';

/** See the file comment. */
export class AnnotationTimes {
  readonly #annotation: string;
  readonly #known = new Map<string, { readonly value: string; readonly sinceMs: number }>();

  constructor(annotation: string) {
    this.#annotation = annotation;
  }

  /** Told of each change of an object. */
  note({ metadata: { uid = '', annotations = {} } }: KubeObject, nowMs: number): void {
    const value = annotations[this.#annotation];
    if (value === undefined) this.#known.delete(uid);
    else if (this.#known.get(uid)?.value !== value) this.#known.set(uid, { value, sinceMs: nowMs });
  }

  /** Milliseconds since the epoch; undefined when the object with this uid does not carry it. */
  sinceMs(uid: string): number | undefined {
    return this.#known.get(uid)?.sinceMs;
  }
}
