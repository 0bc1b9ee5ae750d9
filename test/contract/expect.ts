/** What scenarios say about answers; each throws with what was there instead. */
import { deepStrictEqual, strictEqual } from 'node:assert/strict';

import type { Answer } from './http.ts';

/** The JSON of `/register`, `/unregister` and `/login`: strings in a flat object, a newline, the status once more inside. */
export function expectJson(answer: Answer, status: number, body: Readonly<Record<string, string>>): void {
  strictEqual(answer.status, status, `status of ${answer.text}`);
  strictEqual(answer.contentType, 'application/json');
  deepStrictEqual(answer.json(), { ...body, code: String(status) });
  strictEqual(answer.text.endsWith('}\n'), true, 'the body ends with a newline');
}

/** An error as Go's `http.Error` writes it. */
export function expectText(answer: Answer, status: number, line: string): void {
  strictEqual(answer.text, `${line}\n`);
  strictEqual(answer.status, status);
  strictEqual(answer.contentType, 'text/plain; charset=utf-8');
  strictEqual(answer.headers.get('x-content-type-options'), 'nosniff');
}

/** What an unknown path, or a known one by another method, gets. */
export function expectNotFound(answer: Answer): void {
  expectText(answer, 404, '404 page not found');
}
