// All jobs, page by page in constant memory: the metadata of all, which tells all that is asked of the captured ones, and then the others whole.
import { JOB_KIND } from '../../../lib/jobs/names';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import type { Context } from '../context';
import type { Run } from '../run';
import type { Seen } from '../seen';
import { JOB } from './attend';

export interface Listed {
  readonly name: string;
  /** Orders all of them as they are visited. */
  readonly key: string;
  /** Perhaps its metadata alone. */
  readonly job: KubeObject;
}

export interface Listing {
  /** Gets the uid and the name of each job that there is. */
  readonly seen: Seen;
  /** The key of the one that was visited last: the listing begins behind it, and comes to the others afterwards. */
  readonly from: string | undefined;
}

/** Larger pages are a little faster, and take more memory. */
const METADATA_PAGE = 250;
const PAGE = 100;

/** So many are rather asked for one by one: a list reads them all, however few it selects. */
const FEW = 50;

const OURS = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${JOB_KIND}`;

/** Each one once, but for those that are captured or made meanwhile. */
export async function* jobsFrom(
  context: Context,
  run: Run,
  { seen, from }: Listing,
): AsyncGenerator<readonly Listed[]> {
  for (const isTurn of turnsFrom(from)) {
    const few: Listed[] = [];
    let open = 0;
    for await (const page of pagesOf(context, run, { labels: OURS, limit: METADATA_PAGE, metadataOnly: true })) {
      const items = page.map(listed).filter(({ key }) => isTurn(key));
      remember(seen, items);
      run.tally.saw('jobs', items.length);
      yield items.filter(isLabelled);
      const others = items.filter((item) => !isLabelled(item));
      open += others.length;
      if (open <= FEW) few.push(...others);
    }
    if (open <= FEW) yield few;
    else yield* openOnes(context, run, { seen, isTurn });
  }
}

interface Turn {
  readonly seen: Seen;
  readonly isTurn: (key: string) => boolean;
}

async function* openOnes(context: Context, run: Run, { seen, isTurn }: Turn): AsyncGenerator<readonly Listed[]> {
  for await (const page of pagesOf(context, run, { labels: `${OURS},!${LABELS.phase}`, limit: PAGE })) {
    const items = page.map(listed).filter(({ key }) => isTurn(key));
    remember(seen, items);
    yield items;
  }
}

function turnsFrom(from: string | undefined): readonly ((key: string) => boolean)[] {
  if (from === undefined) return [() => true];
  return [(key) => key > from, (key) => key <= from];
}

function listed(job: KubeObject): Listed {
  const name = job.metadata?.name ?? '';
  return { name, key: `${isLabelled({ job }) ? 0 : 1}/${name}`, job };
}

/** As the captured ones are. */
function isLabelled({ job }: Pick<Listed, 'job'>): boolean {
  return job.metadata?.labels?.[LABELS.phase] !== undefined;
}

function remember(seen: Seen, items: readonly Listed[]): void {
  for (const { name, job } of items) [name, job.metadata?.uid ?? ''].forEach(seen.add);
}

interface Wanted {
  readonly labels: string;
  readonly limit: number;
  readonly metadataOnly?: true;
}

/** In order of their names. */
function pagesOf({ kube, settings }: Context, { listing }: Run, wanted: Wanted): AsyncIterable<readonly KubeObject[]> {
  const { labels, ...how } = wanted;
  return kube.pages<KubeObject>({ ...JOB, namespace: settings.namespace, labelSelector: labels, ...how }, listing);
}
