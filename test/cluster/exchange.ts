/** What the parts of the proxy hand to each other. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiCall } from './apiCall.ts';

/** A request and where its answer goes. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly call: ApiCall;
}
