import { isFunctionUrl, throughGateway } from '../../../dev/gateway/functionPath';

test.each([
  ['/function/jobs/jobs/a?x=1', '/function/jobs/jobs/a?x=1'],
  ['/function/jobs', '/function/jobs'],
  ['/function/jobs/', '/function/jobs/'],
  ['/function/jobs?', '/function/jobs'],
  // Decoded on the way: what stands for a slash becomes one.
  ['/function/jobs/a%2Fb', '/function/jobs/a/b'],
  ['/function/jobs/a%20b', '/function/jobs/a%20b'],
  ['/function/jobs/%C3%B6', '/function/jobs/%C3%B6'],
  ['/function/jobs/%ff', '/function/jobs/%FF'],
  ["/function/jobs/it's(!)", '/function/jobs/it%27s%28%21%29'],
  // Read as a URL a second time: what stands for a mark becomes one.
  ['/function/jobs/a%3Fb=1', '/function/jobs/a?b=1'],
  ['/function/jobs/a%3Fb=1?c=2', '/function/jobs/a?b=1?c=2'],
  ['/function/jobs/a%23b', '/function/jobs/a'],
  ['/function/jobs/a%2541', '/function/jobs/aA'],
  // A query is left alone.
  ['/function/jobs/a?x=%2F%3F%25', '/function/jobs/a?x=%2F%3F%25'],
])('%s arrives as %s', (url, expected) => {
  expect(throughGateway(url, false)).toEqual({ is: 'passed', url: expected });
});

test.each([
  ['/function/jobs/a%2Fb', '/function/jobs/a/b'],
  ['/function/jobs/a%3Fb', '/function/jobs/a%3Fb'],
  ['/function/jobs/a%2541', '/function/jobs/a%2541'],
])('%s of an event stream is read once less: %s', (url, expected) => {
  expect(throughGateway(url, true)).toEqual({ is: 'passed', url: expected });
});

test.each([
  ['/function/jobs//a', '/function/jobs/a'],
  ['/function/jobs/./a/?x=1', '/function/jobs/a/?x=1'],
  ['/function/jobs/a/..', '/function/jobs'],
  ['/function/jobs/%2e%2e/logs', '/function/logs'],
])('%s is sent to %s', (url, location) => {
  expect(throughGateway(url, false)).toEqual({ is: 'moved', location });
});

test('what is not percent-encoded is refused', () => {
  expect(throughGateway('/function/jobs/100%', false)).toEqual({ is: 'refused' });
});

test.each(['/function/jobs/100%25', '/function/jobs/a%0Ab', '/function/jobs/a%7F'])('%s breaks off', (url) => {
  expect(throughGateway(url, false)).toEqual({ is: 'broken' });
});

test.each([
  ['/function/jobs', true],
  ['/async-function/jobs', true],
  ['/functions/jobs', false],
  ['/api/function/jobs', false],
])('%s: %s', (url, expected) => {
  expect(isFunctionUrl(url)).toBe(expected);
});
