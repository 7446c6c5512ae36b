// The `details` of a poll that answers `running: false`: texts and HTML that clients of the K8s Manager know.
import * as z from 'zod';
import { escapeHtml } from '../html';
import { sortEvents } from './events';
import type { KubeEvent } from './observed';
import type { Reason, Verdict } from './verdict';

const LOGS = '<CONTAINER_LOGS>';
const EVENTS = '<POD_EVENTS_MESSAGES>';
const logsTemplate = `<details><summary>&nbsp&nbsp&nbsp&nbspContainer Logs</summary>${LOGS}</details>`;
const eventsTemplate = `<details><summary>&nbsp&nbsp&nbsp&nbspKubernetes events</summary>${EVENTS}</details>`;
const NO_LOGS = 'No logs available';

/** The section `services.status_information` of the configuration; 0 means all. */
export const statusInformation = z.strictObject({
  pod_events_no: z.int().min(0).default(3),
  container_logs_lines: z.int().min(0).default(5),
  detailed_error_html_logs: z.string().default(logsTemplate),
  /** When set, it stands alone; else the logs follow the events. */
  detailed_error_html_events: z.string().optional(),
  container_logs_join: z.string().default('<br>'),
  pod_events_join: z.string().default('<br>'),
});

export type StatusInformation = Readonly<z.infer<typeof statusInformation>>;

export interface Details {
  readonly error: string;
  readonly detailed_error: string;
}

export interface Sources {
  /** Events about the pod (or what should have made it), in any order. */
  readonly events: readonly KubeEvent[];
  /** The log of the container; `undefined` when it could not be had. */
  readonly log?: string | undefined;
}

const POD_FAILED = 'Service status is Failed';
const TERMINATED = 'Service status is in state terminated';
const CANNOT_START = 'Service cannot start';

const ERRORS: Readonly<Partial<Record<Reason, string>>> = {
  Evicted: POD_FAILED,
  DeadlineExceeded: POD_FAILED,
  Exited: TERMINATED,
  CrashLoop: TERMINATED,
  OutOfMemory: TERMINATED,
  ImagePull: CANNOT_START,
  Unschedulable: CANNOT_START,
  Quota: CANNOT_START,
  Forbidden: CANNOT_START,
  VolumeMount: CANNOT_START,
  PodSandbox: CANNOT_START,
  ConfigError: CANNOT_START,
  ContainerRuntime: CANNOT_START,
  Unhealthy: CANNOT_START,
  StartTimeout: CANNOT_START,
};

export function detailsOf(verdict: Verdict, sources: Sources, settings: StatusInformation): Details {
  const error = errorOf(verdict);
  if (error === CANNOT_START) return { error, detailed_error: eventsBlock(verdict, sources, settings) };
  if (error === POD_FAILED || error === TERMINATED) return { error, detailed_error: logsBlock(sources.log, settings) };
  return { error, detailed_error: escapeHtml(verdict.message) };
}

/** Whether the log is worth a request. */
export function needsLog(verdict: Verdict, settings: StatusInformation): boolean {
  const error = errorOf(verdict);
  if (error === verdict.message || !settings.detailed_error_html_logs.includes(LOGS)) return false;
  return error !== CANNOT_START || settings.detailed_error_html_events === undefined;
}

function errorOf({ reason, message }: Verdict): string {
  return (reason && ERRORS[reason]) ?? message;
}

function logsBlock(log: string | undefined, settings: StatusInformation): string {
  const template = settings.detailed_error_html_logs;
  if (!template.includes(LOGS)) return template;
  if (log === undefined) return NO_LOGS;
  const text = log.trimEnd();
  const lines = text === '' ? [NO_LOGS] : lastOf(text.split(/\r?\n/), settings.container_logs_lines);
  return fill(template, LOGS, lines.map(escapeHtml).join(settings.container_logs_join));
}

function eventsBlock(verdict: Verdict, { events, log }: Sources, settings: StatusInformation): string {
  const messages = lastOf(sortEvents(events), settings.pod_events_no).map(
    ({ message, reason }) => message ?? reason ?? '',
  );
  const lines = messages.length > 0 ? messages : [verdict.message];
  const text = lines.map(escapeHtml).join(settings.pod_events_join);
  const template = settings.detailed_error_html_events;
  return fill(template ?? eventsTemplate, EVENTS, text) + (template === undefined ? logsBlock(log, settings) : '');
}

function lastOf<T>(items: readonly T[], count: number): readonly T[] {
  return count === 0 ? items : items.slice(-count);
}

/** Not a replacement pattern: a log line may hold `$&`. */
function fill(template: string, placeholder: string, text: string): string {
  return template.split(placeholder).join(text);
}
