// All jobs, page by page in constant memory: those that are not captured, whole, and then the metadata of the others, which tells all that is asked of them.
import { JOB_KIND } from '../../../lib/jobs/names';
import type { KubeObject } from '../../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../../lib/labels';
import type { Context } from '../context';
import type { Run } from '../run';
import { JOB } from './attend';

export interface Listed {
  readonly name: string;
  /** Orders all of them as they are listed. */
  readonly key: string;
  readonly job: KubeObject;
  /** Not captured yet. */
  readonly isOpen: boolean;
}

interface List {
  readonly key: string;
  readonly isOpen: boolean;
  /** Larger pages are a little faster, and take more memory. */
  readonly limit: number;
}

/** A job moves from the first to the second and never back, so that none is missed between them. */
const LISTS: readonly List[] = [
  { key: '0', isOpen: true, limit: 100 },
  { key: '1', isOpen: false, limit: 250 },
];

const OURS = `${LABELS.managedBy}=${MANAGED_BY},${LABELS.kind}=${JOB_KIND}`;

/** From behind the one with the key `from` to the last one, and then up to it. */
export async function* jobsFrom(
  context: Context,
  run: Run,
  from: string | undefined,
): AsyncGenerator<readonly Listed[]> {
  for (const isTurn of turnsFrom(from)) {
    for (const list of LISTS) {
      for await (const page of pagesOf(context, run, list)) {
        yield page.map((job) => listed(job, list)).filter(({ key }) => isTurn(key));
      }
    }
  }
}

function turnsFrom(from: string | undefined): readonly ((key: string) => boolean)[] {
  if (from === undefined) return [() => true];
  return [(key) => key > from, (key) => key <= from];
}

function listed(job: KubeObject, { key, isOpen }: List): Listed {
  const name = job.metadata?.name ?? '';
  return { name, key: `${key}/${name}`, job, isOpen };
}

/** In order of their names. */
function pagesOf({ kube, settings }: Context, { listing }: Run, list: List): AsyncIterable<readonly KubeObject[]> {
  const { isOpen, limit } = list;
  const labelSelector = `${OURS},${isOpen ? '!' : ''}${LABELS.phase}`;
  const selection = { ...JOB, namespace: settings.namespace, labelSelector, limit };
  return kube.pages<KubeObject>({ ...selection, ...(!isOpen && { metadataOnly: true }) }, listing);
}
