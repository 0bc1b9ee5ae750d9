/** PURE: in a pod of the operator its own settings tell which operator is meant, and where it is asked. */
import type { GlobalOptions } from './session.ts';

/** `env` as the chart sets it; anywhere else, or where another operator is named, the options stay as they are. */
export function withPod(
  options: GlobalOptions,
  env: Readonly<Record<string, string | undefined>>,
): GlobalOptions {
  const {
    RTC_OPERATOR_LEASE_NAMESPACE: namespace,
    RTC_OPERATOR_LEASE_NAME: operatorName = options.operatorName,
    RTC_OPERATOR_RECORDS_PORT: port = '8081',
  } = env;
  const isOther = options.operatorNamespace !== undefined && options.operatorNamespace !== namespace;
  if (namespace === undefined || isOther) return options;
  const operatorUrl = options.operatorUrl ?? `http://127.0.0.1:${port}`;
  return { ...options, operatorNamespace: namespace, operatorName, operatorUrl, isInside: true };
}
