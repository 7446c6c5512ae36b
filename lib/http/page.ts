// The answers for eyes: a page for a URL without a route, and the JSON of an answer for a browser.
import { STATUS_CODES } from 'node:http';
import { escapeHtml } from '../html';
import type { Response } from './message';

const HTML = 'text/html; charset=utf-8';
export interface PageOptions {
  readonly method: string;
  readonly path: string;
  readonly response: Response;
}

export function notFoundPage(): Response {
  const text = '<h1>Not Found</h1><p>The requested resource was not found on this server.</p>';
  return { status: 404, headers: { 'content-type': HTML }, body: document('Not Found', text) };
}

/** The same answer as a page: status line, headers, indented JSON. */
export function browsablePage({ method, path, response }: PageOptions): Response {
  const headers = Object.entries(response.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
  const statusLine = `HTTP ${response.status} ${STATUS_CODES[response.status] ?? ''}`;
  const json = response.body === undefined ? [] : ['', JSON.stringify(response.body, null, 2)];
  const text = escapeHtml([statusLine, ...headers, ...json].join('\n'));
  const title = escapeHtml(`${method} ${path}`);
  const body = document(title, `<h1>${title}</h1><pre>${text}</pre>`);
  return { ...response, headers: { ...response.headers, 'content-type': HTML }, body };
}

function document(title: string, body: string): string {
  return `<!doctype html>\n<html lang="en"><head><title>${title}</title></head><body>${body}</body></html>\n`;
}
