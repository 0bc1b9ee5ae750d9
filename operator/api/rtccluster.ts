/**
 * RTCCluster, the single source: types, defaults, limits and documentation. The
 * CRD, the API server's validation and the operator's own types come from here.
 */
import { z } from 'zod';
import { specSchema } from './rtcclusterSpec.ts';
import { statusSchema } from './rtcclusterStatus.ts';
import { metadataSchema } from './shared.ts';

/** API group and version of our resources. */
export const apiGroup = 'rtc.progressnet.gr';
/** The one version served so far. */
export const apiVersionName = 'v1alpha1';
/** `apiVersion` as written in manifests. */
export const apiVersion = `${apiGroup}/${apiVersionName}`;

/** An RTCCluster as the API server returns it; metadata holds only what we read. */
export const rtcClusterSchema = z.object({
  apiVersion: z.literal(apiVersion),
  kind: z.literal('RTCCluster'),
  metadata: metadataSchema,
  spec: specSchema,
  status: statusSchema.partial().default({}),
});

/** An RTCCluster with every default filled in. */
export type RtcCluster = z.infer<typeof rtcClusterSchema>;
/** What the user wants. */
export type RtcClusterSpec = z.infer<typeof specSchema>;
/** What we saw last; can be deleted at any moment and is rebuilt. */
export type RtcClusterStatus = z.infer<typeof statusSchema>;
/** One line of `status.members`. */
export type MemberStatus = NonNullable<RtcClusterStatus['members']>[number];
