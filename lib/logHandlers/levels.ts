// Levels as Python's logging and the K8s Manager call them. Pure.

/** As the contract lists them: what a configuration may name. */
const NUMBERS = [0, 5, 10, 20, 30, 40, 50, 99];
const NAMES = 'NOTSET TRACE DEBUG INFO WARN WARNING ERROR FATAL CRITICAL DEACTIVATE'.split(' ');
export const LEVELS: readonly (number | string)[] = [...NUMBERS, ...NUMBERS.map(String), ...NAMES];

const BY_NAME: Readonly<Record<string, number>> = {
  NOTSET: 0,
  TRACE: 5,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  WARNING: 30,
  ERROR: 40,
  FATAL: 50,
  CRITICAL: 50,
  DEACTIVATE: 99,
};

/** No record is below; `NOTSET` means all of them. */
export const LOWEST = 5;
/** No record is as high. */
export const DEACTIVATED = 99;

export function levelnoOf(level: number | string): number {
  if (typeof level === 'number') return level;
  return BY_NAME[level] ?? Number(level);
}

export function levelnameOf(levelno: number): string {
  switch (levelno) {
    case 5:
      return 'TRACE';
    case 10:
      return 'DEBUG';
    case 20:
      return 'INFO';
    case 30:
      return 'WARNING';
    case 40:
      return 'ERROR';
    case 50:
      return 'CRITICAL';
    default:
      return `Level ${levelno}`;
  }
}
