import { createRequestMetrics } from '../../../lib/http/requestMetrics';

const samples = (text: string) =>
  Object.fromEntries(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ') as [string, string]),
  );

test('failures are there before the first one', () => {
  expect(samples(createRequestMetrics().text())).toMatchObject({
    'hub_functions_http_requests_total{status="2xx"}': '0',
    'hub_functions_http_requests_total{status="4xx"}': '0',
    'hub_functions_http_requests_total{status="5xx"}': '0',
    hub_functions_http_request_seconds_count: '0',
  });
});

test('answers are counted by kind, and how long they took by bounds that add up', () => {
  const { count, text } = createRequestMetrics();
  for (const [status, durationMs] of [
    [200, 5],
    [204, 90],
    [304, 600],
    [503, 61_000],
  ] as const) {
    count({ status, durationMs });
  }
  expect(samples(text())).toMatchObject({
    'hub_functions_http_requests_total{status="2xx"}': '2',
    'hub_functions_http_requests_total{status="3xx"}': '1',
    'hub_functions_http_requests_total{status="5xx"}': '1',
    'hub_functions_http_request_seconds_bucket{le="0.005"}': '1',
    'hub_functions_http_request_seconds_bucket{le="0.1"}': '2',
    'hub_functions_http_request_seconds_bucket{le="0.5"}': '2',
    'hub_functions_http_request_seconds_bucket{le="1"}': '3',
    'hub_functions_http_request_seconds_bucket{le="60"}': '3',
    'hub_functions_http_request_seconds_bucket{le="+Inf"}': '4',
    hub_functions_http_request_seconds_sum: '61.695',
    hub_functions_http_request_seconds_count: '4',
  });
});
