/** `node` of `/stats`: settings of the kernel under an SFU, as far as a decision depends on them. */
import { z } from 'zod';
import type { KernelSettings } from '../fleet/nodes/tuning.ts';

const bytes = z.int().min(0).nullable();
const range = z.object({ first: z.int(), last: z.int() });

/** As the SFU writes it. */
export const kernelSchema = z.object({
  wantedBufferBytes: z.int().min(0),
  receiveBufferBytes: bytes,
  sendBufferBytes: bytes,
  ephemeralPorts: range.nullable(),
  reservedPorts: z.array(range).max(1000),
  conntrack: z.object({ limit: z.int().min(0), peak: z.int().min(0) }).nullable(),
});

/** A table that was this full may be full at the next rush. */
const nearlyFull = 0.8;

/** The count of connections changes with every look and is no news; that it came near the limit is, once. */
export function kernelSettings({ conntrack, ...settings }: z.infer<typeof kernelSchema>): KernelSettings {
  const isShort = conntrack !== null && conntrack.peak >= nearlyFull * conntrack.limit;
  return { ...settings, shortConntrackLimit: isShort ? conntrack.limit : null };
}
