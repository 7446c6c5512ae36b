// The caller's sets, as entries of a list beside jobs.
import { toJobSet } from '../../../lib/jobSets/jobSet';
import { setSelector, stageSelector } from '../../../lib/jobSets/names';
import { stagesFrom } from '../../../lib/jobSets/readSet';
import { setStatus } from '../../../lib/jobSets/setObject';
import { setState } from '../../../lib/jobSets/setState';
import type { JobPhase } from '../../../lib/jobs/jobState';
import type { Call, Page } from '../../../lib/kube/kube';
import type { Selection } from '../../../lib/kube/queries';
import type { KubeObject } from '../../../lib/kube/objects';
import type { Context } from '../context';
import { statusObject } from '../view';

export interface SetsWanted {
  readonly credential: string;
  /** Of the request. */
  readonly label: string | undefined;
  readonly limit: number | undefined;
  readonly continueToken: string | undefined;
  readonly phases: readonly JobPhase[] | undefined;
}

export interface SetsPage {
  readonly entries: readonly object[];
  readonly continueToken: string | undefined;
}

export async function listSets(context: Context, wanted: SetsWanted, call: Call): Promise<SetsPage> {
  const { items, continueToken } = await pageOf(context, wanted, call);
  const sets = items.flatMap((object) => toJobSet(object) ?? []);
  const { phases, credential } = wanted;
  const isPhaseOpen = phases !== undefined && sets.some(({ end }) => end === undefined);
  const [jobs, pods] = isPhaseOpen ? await stagesOf(context, credential, call) : [[], []];
  const entries = sets.flatMap((set) => {
    const { phase } = setState({ set, jobs: stagesFrom(set, jobs, pods) });
    if (phases?.includes(phase) === false) return [];
    return [{ job: set.id, ...statusObject(setStatus(set, { phase })), ...(phases && { phase }) }];
  });
  return { entries, continueToken };
}

async function pageOf({ kube, settings }: Context, wanted: SetsWanted, call: Call): Promise<Page<KubeObject>> {
  const { credential, label, limit, continueToken } = wanted;
  const selection: Selection = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    namespace: settings.namespace,
    labelSelector: [setSelector(credential), ...(label === undefined ? [] : [label])].join(','),
    ...(limit !== undefined && { limit }),
    ...(continueToken !== undefined && { continueToken }),
  };
  return kube.list<KubeObject>(selection, call);
}

/** Of all sets that are under way, in one list of each. */
async function stagesOf(
  { kube, settings }: Context,
  credential: string,
  call: Call,
): Promise<readonly [jobs: readonly KubeObject[], pods: readonly KubeObject[]]> {
  const common = { namespace: settings.namespace, labelSelector: stageSelector(credential) };
  const [jobs, pods] = await Promise.all([
    kube.list<KubeObject>({ ...common, apiVersion: 'batch/v1', kind: 'Job' }, call),
    kube.list<KubeObject>({ ...common, apiVersion: 'v1', kind: 'Pod' }, call),
  ]);
  return [jobs.items, pods.items];
}
