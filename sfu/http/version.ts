/** `/version` (wire spec 1.3): the plugin wants a semver of at least its minimum, its clients one of at least 1.1.0. */
import type { FastifyInstance } from 'fastify';
import { sendJson } from './reply.ts';

/** The release of rtcd whose protocol this server speaks. */
const rtcdVersion = 'v1.2.6';

/** `v1.2.6+rtc.0.1.0`: rtcd's protocol version, then our own as semver build metadata. */
export function buildVersion(ownVersion: string): string {
  return `${rtcdVersion}+rtc.${ownVersion}`;
}

/** Go's names for processor architectures; the others are the same. */
const goArch: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** Adds the route. `build` says what this program is. */
export function versionRoute(
  app: FastifyInstance,
  build: { readonly version: string; readonly hash: string; readonly date: string },
): void {
  const answer = {
    buildDate: build.date,
    buildVersion: buildVersion(build.version),
    buildHash: build.hash,
    goVersion: `node${process.versions.node}`,
    goOS: process.platform,
    goArch: goArch[process.arch] ?? process.arch,
  };
  app.get('/version', (_request, reply) => sendJson(reply, answer));
}
