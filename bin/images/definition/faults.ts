// What was read, and everything that is wrong with it: faults are told together, so that they can be put right together. Pure.

export interface Faulty<T> {
  /** Of use only where there is no fault. */
  readonly value: T;
  /** Each a sentence without its place. */
  readonly faults: readonly string[];
}

export function inFile(file: string, faults: readonly string[]): readonly string[] {
  return faults.map((fault) => `${file}: ${fault}`);
}
