// Which format answers which Accept, and what no format can answer.
import { negotiate } from '../../../lib/http/negotiation';

const BROWSER = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test.each([
  [undefined, undefined, 'json'],
  [undefined, '', 'json'],
  [undefined, '*/*', 'json'],
  [undefined, 'application/*', 'json'],
  [undefined, 'text/*', 'html'],
  [undefined, BROWSER, 'html'],
  [undefined, 'application/json, text/html', 'json'],
  [undefined, 'text/html; charset=utf-8, application/json', 'html'],
  [undefined, 'APPLICATION/JSON;q=0.1', 'json'],
  ['json', BROWSER, 'json'],
  ['', BROWSER, 'html'],
  ['api', '*/*', 'html'],
] as const)('format %s and Accept %s are answered in %s', (format, accept, expected) => {
  expect(negotiate({ format, accept })).toBe(expected);
});

test.each([
  ['xml', undefined, 404, 'Not found.'],
  [undefined, 'text/plain', 406, 'Could not satisfy the request Accept header.'],
  ['json', 'text/html', 406, 'Could not satisfy the request Accept header.'],
] as const)('format %s and Accept %s are refused with %i', (...[format, accept, status, message]) => {
  expect(() => negotiate({ format, accept })).toThrow(expect.objectContaining({ status, message }));
});
