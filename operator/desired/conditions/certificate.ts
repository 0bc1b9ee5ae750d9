/** Whether Mattermost can trust the API. */
import type { ConditionInput, Verdict } from './verdict.ts';

/** CertificateReady: the certificate is there, fits and is valid. None without TLS. */
export function certificateReady({ certificate }: ConditionInput): Verdict[] {
  if (certificate === undefined) return [];
  const { isUsable, reason, message } = certificate;
  return [{ type: 'CertificateReady', status: isUsable ? 'True' : 'False', reason, message }];
}
