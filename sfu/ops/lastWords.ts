/** Why the process ends, where Kubernetes looks for it. */
import { existsSync, writeFileSync } from 'node:fs';

/** Default `terminationMessagePath` of a container; the kubelet makes it, and puts its text into the pod's status. */
const terminationLog = '/dev/termination-log';

/** The kubelet reads no more. */
const maxBytes = 4096;

/** Writes the reason where a kubelet waits for it; does nothing elsewhere. Never throws: the process is ending anyway. */
export function leaveLastWords(reason: string, file = terminationLog): void {
  if (!existsSync(file)) return;
  try {
    writeFileSync(file, reason.slice(0, maxBytes));
  } catch {
    // The log has it too.
  }
}
