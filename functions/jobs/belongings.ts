// The Secret and the files of a job, under the names that its Job has for them: on a repeat, these are not those of this request. Pure.
import type { KubeObject, ObjectMeta } from '../../lib/kube/objects';
import { LABELS } from '../../lib/labels';
import { podTemplate } from '../../lib/manifests/podTemplate';
import { isFilesName, isSecretName, jobLabels, type BelongingNames } from '../../lib/jobs/names';
import { keyOf, type Wanted } from './desired';

/** `job` is the one that was made or found, and owns them; of a stage the one that its anchor holds, which owns them instead. */
export function belongingsOf(
  job: KubeObject,
  { credential, request, stageLabels }: Pick<Wanted, 'credential' | 'request' | 'stageLabels'>,
): readonly KubeObject[] {
  const { namespace } = job.metadata ?? {};
  const common = stageLabels === undefined ? ownedByJob(job, credential) : { labels: stageLabels };
  const immutable = (kind: string, name: string | undefined, content: object): readonly KubeObject[] => {
    if (name === undefined) return [];
    const metadata = { name, ...(namespace !== undefined && { namespace }), ...common };
    return [{ apiVersion: 'v1', kind, metadata, immutable: true, ...content }];
  };
  const { secret, files } = namesIn(job);
  return [
    ...immutable('Secret', secret, { stringData: request.secretEnv }),
    ...immutable('ConfigMap', files, { data: byKey(request.files) }),
  ];
}

/** The labels tell it when somebody has taken the reference away, as a deletion of the Job alone does. */
function ownedByJob({ metadata }: KubeObject, credential: string): Pick<ObjectMeta, 'labels' | 'ownerReferences'> {
  const { name = '', uid = '' } = metadata ?? {};
  return {
    labels: { ...jobLabels(credential), [LABELS.job]: name, [LABELS.jobUid]: uid },
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name, uid }],
  };
}

/** By prefix: webhooks put things of their own into pod templates. */
function namesIn(job: KubeObject): Partial<BelongingNames> {
  const { containers = [], volumes = [] } = podTemplate(job)?.pod.spec ?? {};
  const sources = containers.flatMap(({ envFrom }) => (envFrom ?? []) as readonly EnvSource[]);
  const secret = sources.flatMap(({ secretRef }) => secretRef?.name ?? []).find(isSecretName);
  const files = (volumes as readonly Volume[]).flatMap(({ configMap }) => configMap?.name ?? []).find(isFilesName);
  return { ...(secret !== undefined && { secret }), ...(files !== undefined && { files }) };
}

interface EnvSource {
  readonly secretRef?: { readonly name?: string };
}

interface Volume {
  readonly configMap?: { readonly name?: string };
}

function byKey(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [keyOf(path), text]));
}
