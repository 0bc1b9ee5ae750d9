/** What may happen while a TURN secret is rotated. */

/** Something that happens; numbers choose among what there is. */
export type Deed =
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'reconcile'; readonly stopAfter: number; readonly behind: number }
  | { readonly do: 'forget' }
  | { readonly do: 'refreshMount' | 'tryNext' | 'replacePod' | 'publish'; readonly pod: number }
  | { readonly do: 'restart'; readonly consumer: number; readonly behind: number }
  | { readonly do: 'issue'; readonly consumer: number }
  | { readonly do: 'request' | 'acknowledge' };
