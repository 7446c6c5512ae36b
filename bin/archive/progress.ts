// How far an archive is, in words: a line that is written over on a terminal, a line at each change elsewhere. Pure.
import type { Archive, Progress } from './answers';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const STEP = 1024;

/** `12.3 MiB` */
export function bytesText(bytes: number): string {
  let [value, unit] = [bytes, 0];
  while (value >= STEP && unit < UNITS.length - 1) [value, unit] = [value / STEP, unit + 1];
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

/** `backup 45 % 120/300 files, 1.2 GiB of 2.6 GiB, 80.0 MiB/s` */
export function progressText({ phase, files, bytes, totalFiles, totalBytes, rate }: Progress): string {
  const share = totalBytes > 0 ? ` ${Math.floor((100 * bytes) / totalBytes)} %` : '';
  const counted = totalFiles > 0 ? `${files}/${totalFiles} files` : `${files} files`;
  const amount = totalBytes > 0 ? `${bytesText(bytes)} of ${bytesText(totalBytes)}` : bytesText(bytes);
  const speed = rate > 0 ? `, ${bytesText(rate)}/s` : '';
  return `${phase}${share} ${counted}, ${amount}${speed}`;
}

/** Undefined when nothing is being done. */
export function statusText({ operation }: Archive): string | undefined {
  if (operation === undefined) return undefined;
  const { verb, phase, message, progress } = operation;
  return progress === undefined ? `${verb} ${phase}: ${message}` : progressText(progress);
}

/** What came of an operation, in one line. */
export function endText({ id, last, files = 0, bytes = 0 }: Archive): string {
  if (last === undefined) return `archive ${id}: nothing was done`;
  const { verb, outcome, reason, message, claim } = last;
  if (outcome !== 'done') return `archive ${id}: ${verb} failed: ${reason ?? 'Unknown'}: ${message ?? ''}`;
  const what = claim === undefined ? `${files} files, ${bytesText(bytes)}` : `restored to claim ${claim}`;
  return `archive ${id}: ${verb} done, ${what}`;
}
