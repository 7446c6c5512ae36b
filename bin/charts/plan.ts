// What becomes of each chart when an index is made: published for the first time, left as it is, or refused. Pure.
import * as z from 'zod';

/** What the plan has to know of a chart. */
export interface Candidate {
  readonly name: string;
  readonly version: string;
  readonly contents: string;
}

export type Outcome = 'new' | 'unchanged' | 'changed';

const entrySchema = z.looseObject({ name: z.string(), version: z.string(), urls: z.array(z.string()).min(1) });

/** As helm reads it: https://helm.sh/docs/topics/chart_repository/#the-index-file */
export const indexSchema = z.looseObject({
  apiVersion: z.literal('v1'),
  entries: z.record(z.string(), z.array(entrySchema)),
});

export type ChartIndex = z.infer<typeof indexSchema>;
export type IndexEntry = z.infer<typeof entrySchema>;

export const EMPTY_INDEX: ChartIndex = { apiVersion: 'v1', entries: {} };

export function publishedEntry(index: ChartIndex, { name, version }: Candidate): IndexEntry | undefined {
  return index.entries[name]?.find((entry) => entry.version === version);
}

/** `published`: contents of what has the same name and version, if anything has. */
export function outcomeOf({ contents }: Candidate, published: string | undefined): Outcome {
  if (published === undefined) return 'new';
  return published === contents ? 'unchanged' : 'changed';
}

/** With the newest first; what was there stays. */
export function withEntries(index: ChartIndex, added: readonly IndexEntry[]): ChartIndex {
  const entries: Record<string, IndexEntry[]> = { ...index.entries };
  for (const entry of added) entries[entry.name] = [entry, ...(entries[entry.name] ?? [])].toSorted(newestFirst);
  return { ...index, entries };
}

/** https://semver.org/#spec-item-11, as far as charts need it. */
function newestFirst({ version: one }: IndexEntry, { version: other }: IndexEntry): number {
  const [oneCore = '', onePre = ''] = one.replace(/\+.*/, '').split(/-(.*)/s);
  const [otherCore = '', otherPre = ''] = other.replace(/\+.*/, '').split(/-(.*)/s);
  const core = compareWords(otherCore, oneCore);
  if (core !== 0 || onePre === otherPre) return core;
  if (onePre === '' || otherPre === '') return onePre === '' ? -1 : 1;
  return compareWords(otherPre, onePre);
}

function compareWords(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
