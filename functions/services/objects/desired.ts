// What a start wants to exist: every manifest of the description, filled and checked; the main Deployment and what outlives it told apart.
import type { KubeObject } from '../../../lib/kube/objects';
import { ANNOTATIONS } from '../../../lib/labels';
import { descriptionError } from '../../../lib/manifests/errors';
import { checkManifests } from '../../../lib/manifests/policy';
import { podTemplate } from '../../../lib/manifests/podTemplate';
import { renderManifests, type Rendered } from '../../../lib/manifests/render';
import { asksToBeFilled, claimNamesOf } from '../../../lib/restoring';
import type { Template } from '../../../lib/manifests/template';
import type { Step, Substitution } from '../../../lib/manifests/placeholders';
import { serviceId, type Identity } from '../../../lib/services/names';
import { mainDeploymentName } from '../../../lib/services/mainDeployment';
import { secretNames } from '../../../lib/services/secretNames';
import type { Settings } from '../settings';

export interface Desired {
  /** Created side by side, in no order. */
  readonly parts: readonly KubeObject[];
  /** Claims that stay when the service goes: made where they are not there, and filled from an archive. */
  readonly claims: readonly KubeObject[];
  /** Created last: where it exists, the start is complete. */
  readonly main: KubeObject;
}

/** Whom a start is for; enough to fill a description, also long after the request. */
export interface Subject extends Identity {
  readonly userId: number;
  /** What the hub calls the user; absent where it did not say. */
  readonly userName?: string | undefined;
}

/** A template, and what it is filled with beside the settings. */
export interface Filling {
  readonly template: Template;
  readonly subject: Subject;
  /** The input archive; empty when there is none. */
  readonly input: string;
}

export function desiredObjects(filling: Filling, settings: Settings): Desired {
  const rendered = checked(filling, settings);
  const { template, subject } = filling;
  const mainName = mainDeploymentName(subject, settings);
  const isMain = ({ manifest }: Rendered): boolean => {
    return manifest.kind === 'Deployment' && manifest.metadata?.name === mainName;
  };
  const [main, another] = rendered.filter(isMain);
  if (main === undefined) throw descriptionError({ file: template.file }, `there is no Deployment named ${mainName}`);
  if (another !== undefined) throw descriptionError(another.place, `a second Deployment is named ${mainName}`);
  const parts = rendered.filter((candidate) => candidate !== main);
  const claims = parts.filter(({ manifest }) => asksToBeFilled(manifest));
  for (const claim of claims) checkClaim(claim, { rendered, id: serviceId(subject) });
  return {
    parts: parts.filter((candidate) => !claims.includes(candidate)).map(({ manifest }) => manifest),
    claims: claims.map(({ manifest }) => manifest),
    main: main.manifest,
  };
}

/** A claim of one start alone would never be asked for again, and one that no pod has need not be waited for. */
function checkClaim(
  { manifest, place }: Rendered,
  { rendered, id }: { readonly rendered: readonly Rendered[]; readonly id: string },
): void {
  const { name = '' } = manifest.metadata ?? {};
  const at = { ...place, path: 'metadata.name' };
  if (name.includes(id))
    throw descriptionError(at, 'is that of one start, but the claim outlives it: name it after its user');
  const isUsed = rendered.some(({ manifest: other }) => claimNamesOf(podTemplate(other)?.pod ?? {}).includes(name));
  if (!isUsed) throw descriptionError(at, `no pod of this description has the claim ${name}`);
}

/** The manifests of update.yaml. */
export function updateObjects(filling: Filling, settings: Settings): readonly KubeObject[] {
  const rendered = checked(filling, settings);
  const late = rendered.find(({ manifest }) => asksToBeFilled(manifest));
  if (late === undefined) return rendered.map(({ manifest }) => manifest);
  const path = `metadata.annotations["${ANNOTATIONS.restore}"]`;
  throw descriptionError(
    { ...late.place, path },
    'comes too late: the pods run by then. Put the claim into service.yaml',
  );
}

/** Whether a template asks for the input archive at all; packing it costs more than all the rest. */
export function wantsInput(template: Template, { file }: Settings): boolean {
  const { indicators, input_keyword } = file.services.replace;
  return template.text.includes(indicators[0] + input_keyword + indicators[1]);
}

function checked(filling: Filling, settings: Settings): readonly Rendered[] {
  const rendered = renderManifests(filling.template, substitution(filling, settings));
  const { allowed_kinds: allowedKinds, allow_privileged: allowPrivileged } = settings.file.services;
  checkManifests(rendered, { namespace: settings.namespace, allowedKinds, allowPrivileged });
  return rendered;
}

/** The contract's order: built-in names, then stage and credential, stage, credential of the operator's file. */
function substitution({ subject, input }: Filling, settings: Settings): Substitution {
  const { replace } = settings.file.services;
  const id = serviceId(subject);
  const secrets = secretNames(id, settings.deploymentName);
  const builtIn = {
    [replace.input_keyword]: input,
    [replace.drfid_keyword]: id,
    [replace.uniqueuserid_keyword]: `${subject.credential}_${subject.userId}`,
    [replace.secretname_keyword]: secrets.environment,
    [replace.secretcertsname_keyword]: secrets.certificates,
    [replace.namespace_keyword]: settings.namespace,
  };
  const { stage } = settings;
  const { userName } = subject;
  const staged =
    stage === undefined ? [] : [replace.stage_credential[stage]?.[subject.credential], replace.stage[stage]];
  const steps: Step[] = [
    { values: builtIn, typed: false },
    { values: { [replace.userid_keyword]: String(subject.userId) }, typed: true },
    ...[...staged, replace.credential[subject.credential]].map((values = {}) => ({ values, typed: true })),
    // Last: nothing is filled into a name that looks like a placeholder.
    { values: userName === undefined ? {} : { user_name: userName }, typed: false },
  ];
  return { indicators: replace.indicators, steps };
}
