/** The server that is measured, by what a client needs of it and its process id. */
import type { ServerUnderTest } from '../contract/server.ts';

/** See the file comment. */
export type Target = Pick<ServerUnderTest, 'url' | 'wsUrl' | 'adminKey' | 'mediaPort' | 'pid'>;
