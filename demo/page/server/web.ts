/** The files of the page over HTTP, on loopback only: a browser gives a microphone to 127.0.0.1 without TLS. */
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { extname, join } from 'node:path';

import { transformSync } from '@swc/core';

import { pluginRules } from './rules.ts';

interface Served {
  readonly contentType: string;
  readonly body: string | Buffer;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
};

const pages: Readonly<Record<string, string>> = { '/': '/index.html', '/hosts': '/hosts.html' };
const pageDir = join(import.meta.dirname, '../client');
const factsDir = join(import.meta.dirname, '../facts');
const protocolDir = join(import.meta.dirname, '../../protocol');
const msgpackDir = join(import.meta.dirname, '../../../node_modules/@msgpack/msgpack/dist.esm');

/** Takes a request, or says that it is somebody else's. */
export type Handle = (...args: Parameters<RequestListener>) => boolean;

/** An HTTP server that is not listening yet. `speechDir` adds the voices that a page without a microphone sends. */
export async function createWeb(handle: Handle, speechDir?: string): Promise<Server> {
  const files = new Map<string, Served>([
    ...(await folder('/', pageDir)),
    ...(await folder('/view/', join(pageDir, 'view'))),
    ...(await folder('/styles/', join(pageDir, 'styles'))),
    ...(await folder('/facts/', factsDir)),
    ...(await folder('/protocol/', protocolDir)),
    ...(await folder('/vendor/msgpack/', msgpackDir)),
    ...(await folder('/vendor/msgpack/utils/', join(msgpackDir, 'utils'))),
    ...(speechDir === undefined ? [] : await folder('/speech/', speechDir)),
    ['/rules.json', { contentType: 'application/json', body: JSON.stringify(Object.values(pluginRules)) }],
  ]);
  return createServer((request, response) => {
    if (handle(request, response)) return;
    const path = new URL(request.url ?? '/', 'http://page').pathname;
    const file = files.get(pages[path] ?? path);
    if (file === undefined) response.writeHead(404).end('not found\n');
    else
      response
        .writeHead(200, {
          'content-type': file.contentType,
          'cache-control': 'no-cache',
          'x-content-type-options': 'nosniff',
          'referrer-policy': 'no-referrer',
        })
        .end(file.body);
  });
}

/** Every file of one folder that a browser may have, read once. TypeScript goes out without its types. */
async function folder(prefix: string, dir: string): Promise<[string, Served][]> {
  const names = (await readdir(dir)).filter(
    (name) => contentTypes[extname(name)] !== undefined && !name.endsWith('.d.ts'),
  );
  return await Promise.all(
    names.map(async (name): Promise<[string, Served]> => {
      const raw = await readFile(join(dir, name));
      const body = extname(name) === '.ts' ? withoutTypes(raw.toString()) : raw;
      return [prefix + name, { contentType: contentTypes[extname(name)] ?? '', body }];
    }),
  );
}

function withoutTypes(source: string): string {
  return transformSync(source, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }).code;
}
