/** Pure: what becomes of a wish that a person clicked, by what is known of the pod at that moment. */
import { z } from 'zod';
import type { KubeObject } from '../../../operator/kube/api.ts';
import { offerFor } from './picture.ts';

/** As the page sends it. */
export const wishSchema = z.strictObject({
  pod: z.string().min(1).max(253),
  act: z.enum(['drain', 'undrain']),
});

/** See `wishSchema`. */
export type Wish = z.infer<typeof wishSchema>;

/** Done, to be done, or why not. The reason is for the person who clicked. */
export type Verdict =
  | { readonly ok: true; readonly write: 'ask' | 'takeBack' | 'nothing'; readonly reason: string }
  | { readonly ok: false; readonly httpStatus: 404 | 409; readonly reason: string };

/** `pod` undefined: no such pod of this cluster. */
export function judgeWish(wish: Wish, pod: KubeObject | undefined, cluster: KubeObject | undefined): Verdict {
  if (pod === undefined)
    return { ok: false, httpStatus: 404, reason: `${wish.pod} is no pod of this cluster any more` };
  const offer = offerFor(pod, cluster);
  if (offer.act === wish.act)
    return wish.act === 'drain'
      ? { ok: true, write: 'ask', reason: `Asked ${wish.pod} to drain` }
      : { ok: true, write: 'takeBack', reason: `Took back that ${wish.pod} drains` };
  if (offer.act === 'nothing') return { ok: false, httpStatus: 409, reason: offer.reason };
  return { ok: true, write: 'nothing', reason: `${wish.pod} is as you want it already` };
}
