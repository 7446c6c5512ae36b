// What the operating system calls an error.
import { isNativeError } from 'node:util/types';

export function hasErrno(error: unknown, ...codes: readonly string[]): error is NodeJS.ErrnoException {
  return isNativeError(error) && 'code' in error && codes.includes(String(error.code));
}
