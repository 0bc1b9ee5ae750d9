/** Just enough of a client to bring a cluster up: one request, one answer, as its administrator. */
import { request } from 'node:https';
import type { KeyAndCertificate } from './certificates.ts';

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends a request; rejects when there is no answer. */
export type ApiRequest = (method: string, path: string, body?: object) => Promise<ApiAnswer>;

/** How to reach the API server. */
export interface ApiOptions {
  readonly server: string;
  /** PEM. */
  readonly authority: string;
  readonly credentials: KeyAndCertificate;
}

/** A client for these credentials. */
export function createApi({ server, authority, credentials }: ApiOptions): ApiRequest {
  const tls = { ca: authority, cert: credentials.certificate, key: credentials.key };
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json' };
      const outgoing = request(`${server}${path}`, { ...tls, method, headers, timeout: 5_000 }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on('error', reject);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer from ${server} within 5 s`)));
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
