/** `TurnServer.spec.limits`: what one client, and all of them, may take of one TURN server. */
import { z } from 'zod';

/** See the file comment. */
export const turnLimits = z.object({
  allocationsPerUser: z
    .int()
    .min(0)
    .max(10_000)
    .default(12)
    .describe(
      'Allocations of one user name at a time, on each pod. 0: no limit. A new credential does not reset it.',
    ),
  allocationsTotal: z
    .int()
    .min(0)
    .max(64_000)
    .default(4000)
    .describe('Allocations at a time on each pod, one relay port each. 0: as many as there are relay ports.'),
  mbitPerSession: z
    .int()
    .min(0)
    .max(10_000)
    .default(8)
    .describe('Mbit per second that one allocation may relay; what is beyond is dropped. 0: no limit.'),
  unauthenticatedRatePerSecond: z
    .int()
    .min(0)
    .max(100_000)
    .default(50)
    .describe(
      'Requests without credentials per second from one address, on each pod; every client begins with one. More are not answered, also those of others behind the same address. 0: no limit.',
    ),
});
