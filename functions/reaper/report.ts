// The report of the last sweep, kept in the cluster, so that whichever instance is asked can tell it.
import * as z from 'zod';
import type { Call } from '../../lib/kube/kube';
import type { KubeObject } from '../../lib/kube/objects';
import { LABELS, MANAGED_BY } from '../../lib/labels';
import { isRecord, parseJson } from '../../lib/record';
import type { Context } from './context';

const NAME = 'hub-functions-reaper-report';
const KEY = 'report.json';

const count = z.number();

export const report = z.object({
  /** ISO time of its end. */
  at: z.string(),
  dryRun: z.boolean(),
  seconds: count,
  seen: z.record(z.string(), count),
  /** By reason; in a dry run, and in a run that failed on some, more than were deleted. */
  planned: z.record(z.string(), count),
  /** The first hundred. */
  deletions: z.array(z.object({ kind: z.string(), name: z.string(), reason: z.string() })).readonly(),
  ended: count,
  captured: count,
  postponed: count,
  lost: count,
  deleted: count,
  failed: count,
  /** The time did not suffice for them. */
  left: count,
  /** The next sweep begins behind this job. */
  goesOnAfter: z.string().optional(),
});

export type Report = Readonly<z.infer<typeof report>>;

export async function keepReport({ kube, settings }: Context, told: Report, call: Call): Promise<void> {
  await kube.apply(
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: NAME,
        namespace: settings.namespace,
        labels: { [LABELS.managedBy]: MANAGED_BY, [LABELS.kind]: 'reaper-report' },
      },
      data: { [KEY]: JSON.stringify(told) },
    },
    call,
  );
}

/** Undefined when there was no sweep yet, or nobody can read what it left. */
export async function readReport({ kube, settings }: Context, call: Call): Promise<Report | undefined> {
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: settings.namespace, name: NAME };
  const found = await kube.get<KubeObject>(ref, call);
  const text = isRecord(found?.data) ? found.data[KEY] : undefined;
  const parsed = report.safeParse(typeof text === 'string' ? parseJson(text) : undefined);
  return parsed.success ? parsed.data : undefined;
}
