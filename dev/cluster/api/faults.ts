// Faults for tests: answers that fail, come late or never come, by rule; and a log of what was asked.
import { setTimeout as delay } from 'node:timers/promises';
import type { Transport } from '../../../lib/kube/transport';
import { toResponse } from './answer';
import { resourceOf, type ApiRequest, type Verb } from './request';
import { failureStatus } from './status';

export interface FaultRule {
  readonly match: { readonly verb?: Verb; readonly resource?: string; readonly name?: RegExp };
  /** The first call that it strikes, counted from 1 among those that match. */
  readonly at?: number;
  /** How many calls it strikes: 1 when `at` is given, else all. */
  readonly times?: number;
  readonly effect: FaultEffect;
}

export type FaultEffect =
  | { readonly status: number; readonly body?: object; readonly retryAfterSeconds?: number }
  | { readonly delayMs: number }
  /** No answer; with `after` the change is made all the same. */
  | { readonly reset: true; readonly after?: boolean }
  /** Runs the function, then gives no answer; with `after` the change is made before. */
  | { readonly crash: () => void; readonly after?: boolean };

export interface RequestRecord {
  readonly verb: Verb;
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly at: Date;
}

export interface Faults {
  /** Answers a function that takes the rule away. */
  readonly inject: (rule: FaultRule) => () => void;
  readonly clear: () => void;
}

export interface FaultInjector extends Faults {
  readonly requests: () => readonly RequestRecord[];
  readonly record: (request: ApiRequest, at: Date) => void;
  /** Sends the request on, unless a rule strikes. */
  readonly pass: (request: ApiRequest, next: Send) => ReturnType<Transport>;
}

type Send = () => ReturnType<Transport>;

interface ActiveRule extends FaultRule {
  calls: number;
}

const MAX_RECORDS = 100_000;

export function createFaultInjector(): FaultInjector {
  const rules = new Set<ActiveRule>();
  const records: RequestRecord[] = [];
  return {
    inject: (rule) => {
      const active = { ...rule, calls: 0 };
      rules.add(active);
      return () => void rules.delete(active);
    },
    clear: () => rules.clear(),
    requests: () => records,
    record: (request, at) => {
      const { namespace = '' } = request.target ?? {};
      records.push({ verb: request.verb, resource: resourceOf(request), namespace, name: nameOf(request), at });
      if (records.length > MAX_RECORDS) records.splice(0, MAX_RECORDS / 10);
    },
    pass: async (request, next) => {
      const striking = [...rules].filter((rule) => strikes(rule, request));
      let send = next;
      for (const { effect } of striking) send = withEffect(effect, request.signal, send);
      return await send();
    },
  };
}

/** Counts the call as well: rules strike by the number of calls that match. */
function strikes(rule: ActiveRule, request: ApiRequest): boolean {
  if (!matches(rule.match, request)) return false;
  rule.calls += 1;
  const { at = 1, times = rule.at === undefined ? Infinity : 1 } = rule;
  return rule.calls >= at && rule.calls < at + times;
}

function matches({ verb, resource, name }: FaultRule['match'], request: ApiRequest): boolean {
  if (verb !== undefined && verb !== request.verb) return false;
  if (resource !== undefined && resource !== resourceOf(request)) return false;
  return name === undefined || name.test(nameOf(request));
}

/** Of a list or a watch, too, that is about one object only: an API server asks for rights on that one. */
function nameOf({ target, query }: ApiRequest): string {
  return target?.name || (/^metadata\.name=([^,]+)$/.exec(query.get('fieldSelector') ?? '')?.[1] ?? '');
}

function withEffect(effect: FaultEffect, signal: AbortSignal, send: Send): Send {
  if ('delayMs' in effect) {
    return async () => {
      await delay(effect.delayMs, undefined, { signal });
      return await send();
    };
  }
  if ('status' in effect) return async () => toResponse(failedAnswer(effect));
  return async () => {
    if (effect.after) await send();
    if ('crash' in effect) effect.crash();
    throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
  };
}

const REASONS: Readonly<Record<number, string>> = {
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function failedAnswer(effect: Extract<FaultEffect, { status: number }>): Parameters<typeof toResponse>[0] {
  const { status, body, retryAfterSeconds } = effect;
  const details = retryAfterSeconds === undefined ? {} : { details: { retryAfterSeconds } };
  const failure = { reason: REASONS[status] ?? '', message: 'injected fault', code: status, ...details };
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return { status, headers, body: body ?? failureStatus(failure) };
}
