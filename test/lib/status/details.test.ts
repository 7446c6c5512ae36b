import type { Details } from '../../../lib/status/details';
import { detailsOf, needsLog, statusInformation } from '../../../lib/status/details';
import { escapeHtml } from '../../../lib/html';
import type { Reason, Verdict } from '../../../lib/status/verdict';
import { event } from './fixtures';

const defaults = statusInformation.parse({});
const verdict = (reason: Reason, message = 'Because <b>.'): Verdict => ({
  phase: 'failed',
  reason,
  message,
  retryable: true,
  final: true,
  step: 'starting',
  restarts: 0,
});
const logs = (lines: string) => `<details><summary>&nbsp&nbsp&nbsp&nbspContainer Logs</summary>${lines}</details>`;
const events = (lines: string) => `<details><summary>&nbsp&nbsp&nbsp&nbspKubernetes events</summary>${lines}</details>`;
const ended = (log: string | undefined, settings = {}): Details =>
  detailsOf(verdict('Exited'), { events: [], log }, statusInformation.parse(settings));

describe('detailsOf', () => {
  test.each<[Reason, string]>([
    ['Evicted', 'Service status is Failed'],
    ['DeadlineExceeded', 'Service status is Failed'],
    ['Exited', 'Service status is in state terminated'],
    ['CrashLoop', 'Service status is in state terminated'],
    ['OutOfMemory', 'Service status is in state terminated'],
    ['ImagePull', 'Service cannot start'],
    ['Unschedulable', 'Service cannot start'],
    ['StartTimeout', 'Service cannot start'],
  ])('%s is told as "%s"', (reason, error) => {
    expect(detailsOf(verdict(reason), { events: [], log: '' }, defaults).error).toBe(error);
  });

  test('what the contract has no text for is told in plain words', () => {
    expect(detailsOf(verdict('Deleted'), { events: [] }, defaults)).toEqual({
      error: 'Because <b>.',
      detailed_error: 'Because &lt;b&gt;.',
    });
  });

  test('the last five log lines are shown, escaped, without the empty end', () => {
    const log = '1\n2\n3 $& <CONTAINER_LOGS>\n4\n<b>"5"</b>\n\'6\' & 7\n\n \n';
    expect(ended(log).detailed_error).toBe(
      logs('2<br>3 $&amp; &lt;CONTAINER_LOGS&gt;<br>4<br>&lt;b&gt;&quot;5&quot;&lt;/b&gt;<br>&#x27;6&#x27; &amp; 7'),
    );
  });

  test('0 lines means all, with the configured joiner', () => {
    const settings = { container_logs_lines: 0, container_logs_join: '|' };
    expect(ended('1\n2\n3\n4\n5\n6', settings).detailed_error).toBe(logs('1|2|3|4|5|6'));
  });

  test('an empty log stands in the template, a missing one alone', () => {
    expect(ended(' \n').detailed_error).toBe(logs('No logs available'));
    expect(ended(undefined).detailed_error).toBe('No logs available');
  });

  test('a template without placeholder is taken as it is and needs no log', () => {
    const settings = statusInformation.parse({ detailed_error_html_logs: 'ask the operators' });
    expect(ended('secret', settings).detailed_error).toBe('ask the operators');
    expect(needsLog(verdict('Exited'), settings)).toBe(false);
  });

  test('the last three events are shown by time, then the log', () => {
    const seen = [
      event(['A', 'fourth'], 4),
      event(['B', 'first'], 1),
      event(['C', 'third <3'], 3),
      event(['D', 'second'], 2),
    ];
    expect(detailsOf(verdict('ImagePull'), { events: seen, log: 'line' }, defaults).detailed_error).toBe(
      events('second<br>third &lt;3<br>fourth') + logs('line'),
    );
  });

  test('0 events means all; an event without message is told by its reason', () => {
    const { message: _, ...silent } = event(['BackOff', ''], 9);
    const settings = statusInformation.parse({ pod_events_no: 0, pod_events_join: ', ' });
    const seen = [silent, ...[1, 2, 3, 4].map((second) => event(['Failed', `${second}`], second))];
    expect(detailsOf(verdict('ImagePull'), { events: seen, log: '' }, settings).detailed_error).toBe(
      events('1, 2, 3, 4, BackOff') + logs('No logs available'),
    );
  });

  test('without events the verdict itself is the line', () => {
    expect(detailsOf(verdict('Quota'), { events: [] }, defaults).detailed_error).toBe(
      `${events('Because &lt;b&gt;.')}No logs available`,
    );
  });

  test('a configured events template stands alone and needs no log', () => {
    const settings = statusInformation.parse({ detailed_error_html_events: '<p><POD_EVENTS_MESSAGES></p>' });
    const details = detailsOf(verdict('Quota'), { events: [event(['FailedCreate', 'no'], 1)], log: 'x' }, settings);
    expect(details.detailed_error).toBe('<p>no</p>');
    expect(needsLog(verdict('Quota'), settings)).toBe(false);
    expect(needsLog(verdict('Exited'), settings)).toBe(true);
  });

  test('the log is not fetched where it is not shown', () => {
    expect(needsLog(verdict('Deleted'), defaults)).toBe(false);
    expect(needsLog(verdict('ImagePull'), defaults)).toBe(true);
  });

  test('unknown settings are refused', () => {
    expect(() => statusInformation.parse({ pod_events: 3 })).toThrow('pod_events');
  });
});

test('escapeHtml escapes what HTML reads', () => {
  expect(escapeHtml(`<a href="x">&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&amp;&#x27;&lt;/a&gt;');
});
