// What a start wants to exist: the Secrets and every manifest of the description, filled and checked, the main Deployment told apart.
import type { KubeObject } from '../../../lib/kube/objects';
import { descriptionError } from '../../../lib/manifests/errors';
import { checkManifests } from '../../../lib/manifests/policy';
import { renderManifests, type Rendered } from '../../../lib/manifests/render';
import type { Template } from '../../../lib/manifests/template';
import type { Step, Substitution } from '../../../lib/manifests/placeholders';
import { serviceId, type Identity } from '../../../lib/services/names';
import { mainDeploymentName } from '../../../lib/services/mainDeployment';
import { secretNames } from '../../../lib/services/secretNames';
import type { Settings } from '../settings';

export interface Desired {
  /** Created side by side, in no order. */
  readonly parts: readonly KubeObject[];
  /** Created last: where it exists, the start is complete. */
  readonly main: KubeObject;
}

/** Whom a start is for; enough to fill a description, also long after the request. */
export interface Subject extends Identity {
  readonly userId: number;
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
  return {
    parts: rendered.filter((candidate) => candidate !== main).map(({ manifest }) => manifest),
    main: main.manifest,
  };
}

/** The manifests of update.yaml. */
export function updateObjects(filling: Filling, settings: Settings): readonly KubeObject[] {
  return checked(filling, settings).map(({ manifest }) => manifest);
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
  const staged =
    stage === undefined ? [] : [replace.stage_credential[stage]?.[subject.credential], replace.stage[stage]];
  const steps: Step[] = [
    { values: builtIn, typed: false },
    { values: { [replace.userid_keyword]: String(subject.userId) }, typed: true },
    ...[...staged, replace.credential[subject.credential]].map((values = {}) => ({ values, typed: true })),
  ];
  return { indicators: replace.indicators, steps };
}
