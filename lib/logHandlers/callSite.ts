// Where a record was made: from the table that the build wrote, else looked up once for each message.
import type { CallSite } from './formats';

/** `define`d by build.mjs: message to file, line and function; absent where nothing was built. */
declare const CALL_SITES: Readonly<Record<string, readonly [file: string, line: number, name: string]>> | undefined;

const UNKNOWN: CallSite = { file: '-', line: 0, function: '-' };
/** Messages are constant, so there are few. */
const MAX_SITES = 1_000;
const OURS = /[\\/]lib[\\/](log|masked)|logHandlers/;

const sites = new Map<string, CallSite>(
  Object.entries(typeof CALL_SITES === 'undefined' ? {} : CALL_SITES).map(([message, [file, line, name]]) => [
    message,
    { file, line, function: name },
  ]),
);

/** Called while the record is made, or there is nothing to look up. */
export function callSiteOf(message: string): CallSite {
  const known = sites.get(message);
  if (known !== undefined) return known;
  if (sites.size >= MAX_SITES) return UNKNOWN;
  const found = parse(new Error().stack ?? '');
  sites.set(message, found);
  return found;
}

function parse(stack: string): CallSite {
  const frames = stack.split('\n').slice(1);
  const frame = frames.find((line) => !OURS.test(line) && !line.includes('teller'));
  const [, name = '<module>', file, line] =
    /at (?:(?:async )?(\S+) )?.*?\(?((?:\/|\w:)[^()]*):(\d+):\d+\)?$/.exec(frame ?? '') ?? [];
  return file === undefined ? UNKNOWN : { file, line: Number(line), function: name };
}
