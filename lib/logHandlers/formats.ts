// A record as text, in the contract's two formats. Pure.
import type { LogRecord } from '../log';
import { isRecord } from '../record';
import { levelnameOf } from './levels';
import type { Formatter } from './settings';

export interface CallSite {
  readonly file: string;
  readonly line: number;
  readonly function: string;
}

export interface Told extends LogRecord {
  /** Name of the function. */
  readonly logger: string;
  readonly site: CallSite;
}

/** Attributes of Python's records, and the keys of our own line: an extra of that name would take their place. */
const TAKEN = new Set(
  (
    'args asctime created exc_info exc_text filename funcName levelname levelno lineno message module msecs msg name ' +
    'pathname process processName relativeCreated stack_info taskName thread threadName ' +
    'logger file line function Message'
  ).split(' '),
);

export const FORMATS: Readonly<Record<Formatter, (record: Told) => string>> = { simple, json };

function simple({ time, logger, levelno, site, message, extras }: Told): string {
  const { file, line, function: name } = site;
  let text =
    `${asctime(time)} logger=${logger} levelno=${levelno} levelname=${levelnameOf(levelno)} ` +
    `file=${file} line=${line} function=${name} : ${message}${traceback(extras)}`;
  for (const key of Object.keys(extras)) {
    const value = extraOf(extras, key);
    if (value !== undefined) text += ` --- ${nameOf(key)}=${oneLine(value)}`;
  }
  return text;
}

function json({ time, logger, levelno, site, message, extras }: Told): string {
  const { file, line, function: name } = site;
  const told: Record<string, unknown> = {
    asctime: asctime(time),
    levelno,
    levelname: levelnameOf(levelno),
    logger,
    file,
    line,
    function: name,
    Message: message + traceback(extras),
  };
  for (const key of Object.keys(extras)) told[nameOf(key)] = extraOf(extras, key);
  return JSON.stringify(told);
}

function nameOf(key: string): string {
  return TAKEN.has(key) ? `${key}_extra` : key;
}

/** Of an error that is told as a traceback, its code or name is left. */
function extraOf(extras: LogRecord['extras'], key: string): unknown {
  const value = extras[key];
  if (key !== 'error' || !isRecord(value) || typeof value['stack'] !== 'string') return value;
  const { code, name, fields } = value;
  return fields === undefined ? (code ?? name) : { code: code ?? name, fields };
}

/** Nothing of a value may look like the beginning of another record. */
function oneLine(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  return /[\u0000-\u001f\u2028\u2029]/.test(value) ? JSON.stringify(value).slice(1, -1) : value;
}

/** The error's and its causes', each on new lines. */
function traceback({ error }: LogRecord['extras']): string {
  let text = '';
  let seen: unknown = error;
  while (isRecord(seen) && typeof seen['stack'] === 'string') {
    text += `\n${text === '' ? '' : 'caused by: '}${indented(seen['stack'])}`;
    seen = seen['cause'];
  }
  return text;
}

/** What an error says may be a caller's words: nothing of them may look like the beginning of another record either. */
function indented(stack: string): string {
  return stack.replaceAll(/[\n\r\u2028\u2029]+(?! {4})/g, '\n    ');
}

let second = Number.NaN;
let secondText = '';

/** Local time, `2026-11-29 02:50:18,123`. */
export function asctime(time: number): string {
  const whole = Math.floor(time / 1000);
  if (whole !== second) {
    const date = new Date(time);
    const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(twoDigits).join('-');
    secondText = `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':')}`;
    second = whole;
  }
  return `${secondText},${String(time - whole * 1000).padStart(3, '0')}`;
}

export function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
