// The progress of one start as a list that only grows, and how far the hub was told of it: what is news, and what is not.
import { escapeHtml } from '../html';
import type { Step, Verdict } from '../status/verdict';
import type { Ending } from './ending';

/** `ready` ends the start; `failed` and `stopped` end the service, during the start or after it. */
export type End = 'ready' | 'failed' | 'stopped';

export interface ProgressEvent {
  /** 1, 2, 3 ... within a start. */
  readonly id: number;
  readonly at: string;
  readonly percent: number;
  readonly message: string;
  /** Escaped: goes into a page as it is. */
  readonly html: string;
  readonly step: Step;
  readonly reason?: string | undefined;
  readonly end?: End | undefined;
}

export interface Progress {
  /** How the service was seen last: a `Phase`, or that of its ending. */
  readonly phase?: string | undefined;
  readonly events: readonly ProgressEvent[];
  /** Id of the last event that the hub was told, or that was given up. */
  readonly told: number;
  /** How the service ended, from the moment that was seen: containers that are started again change it no more. */
  readonly ending?: Ending | undefined;
  /** Who tells the hub at the moment: one at a time, so that it hears everything once and in order. */
  readonly telling?: { readonly by: string; readonly until: string } | undefined;
}

export const NO_PROGRESS: Progress = { events: [], told: 0 };

/** Between what a hub counts for its own part (10 to 30) and the end. */
const PERCENT: Readonly<Record<Step, number>> = {
  creating: 35,
  scheduling: 40,
  mounting: 50,
  pulling: 60,
  starting: 80,
  ready: 100,
};

/** Far more than a start has to tell; the ends always find room. */
const MAX_EVENTS = 60;
/** Log lines may be long, and all services of a list are read at once. */
const MAX_HTML = 16 * 1024;

/** With what a verdict that is not final adds to it; the same object when that is nothing. */
export function nextProgress(progress: Progress, verdict: Verdict, now: Date): Progress {
  const { phase } = verdict;
  const seen = progress.phase === phase ? progress : { ...progress, phase };
  if (readyAt(progress) !== undefined || isOver(progress)) return isOver(progress) ? progress : seen;
  if (phase === 'running') return append(seen, { ...readyEvent(), at: now.toISOString() });
  return isNews(progress, verdict) ? append(seen, { ...stepEvent(verdict), at: now.toISOString() }) : seen;
}

/** With the end of the service, which is told once, by whoever sees it first. */
export function endedProgress(progress: Progress, ending: Ending, now: Date): Progress {
  if (isOver(progress)) return progress;
  const { phase, reason, message, details } = ending;
  const event = {
    at: now.toISOString(),
    percent: 100,
    message,
    html: endHtml(message, details.detailed_error),
    step: progress.events.at(-1)?.step ?? 'creating',
    reason,
    end: phase === 'stopped' ? 'stopped' : 'failed',
  } as const;
  return append({ ...progress, phase, ending }, event);
}

export function isOver({ events }: Progress): boolean {
  const end = events.at(-1)?.end;
  return end === 'failed' || end === 'stopped';
}

/** When the service was seen ready for the first time. */
export function readyAt({ events }: Progress): string | undefined {
  return events.find(({ end }) => end === 'ready')?.at;
}

/** A container without a readiness probe counts as ready at once, and its hub waits for it to answer all the same. */
const SETTLE_MS = 60_000;

/** Oldest first. How a service that was ready for a while ends is no progress of its start: hubs learn it from their polls. */
export function untold({ events, told }: Progress): readonly ProgressEvent[] {
  const ready = events.find(({ end }) => end === 'ready');
  return events.filter((event) => event.id > told && (ready === undefined || isOfStart(event, ready)));
}

function isOfStart({ id, at, end }: ProgressEvent, ready: ProgressEvent): boolean {
  return id <= ready.id || (end === 'failed' && Date.parse(at) <= Date.parse(ready.at) + SETTLE_MS);
}

function isNews({ events }: Progress, verdict: Verdict): boolean {
  if (events.length >= MAX_EVENTS || events.some((event) => isSame(event, verdict))) return false;
  const furthest = Math.max(0, ...events.map(({ step }) => PERCENT[step]));
  // Without a reason, a step back is a read that was behind its time.
  return verdict.reason !== undefined || PERCENT[verdict.step] >= furthest;
}

/** Counts and times in a text change all the time; they are no news. */
function isSame(event: ProgressEvent, { step, reason, message }: Verdict): boolean {
  if (event.reason !== reason || (reason === undefined && event.step !== step)) return false;
  return withoutNumbers(event.message) === withoutNumbers(message);
}

function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '0');
}

type NewEvent = Omit<ProgressEvent, 'id'>;

function append(progress: Progress, event: NewEvent): Progress {
  const last = progress.events.at(-1);
  const percent = Math.max(last?.percent ?? 0, event.percent);
  return { ...progress, events: [...progress.events, { ...event, percent, id: (last?.id ?? 0) + 1 }] };
}

function readyEvent(): Omit<NewEvent, 'at'> {
  const message = 'The service is running.';
  return { percent: PERCENT.ready, message, html: message, step: 'ready', end: 'ready' };
}

function stepEvent({ step, reason, message, finalAt }: Verdict): Omit<NewEvent, 'at'> {
  const percent = PERCENT[step];
  if (reason === undefined) return { percent, message, html: escapeHtml(message), step };
  const patience = finalAt === undefined ? '' : ` Unless this changes, the start is given up at ${finalAt}.`;
  return { percent, message, html: collapsible(message, `Reason: ${reason}.${patience}`), step, reason };
}

/** `details` are HTML already. */
function endHtml(message: string, details: string): string {
  const html = collapsible(message, details);
  return html.length <= MAX_HTML ? html : collapsible(message, '');
}

/** The form that hubs put their time into. */
function collapsible(summary: string, details: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary>${details}</details>`;
}
