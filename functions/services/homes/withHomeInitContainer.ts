// Mode "initContainer": adds to the pod of the main Deployment a container that makes the home inside the cluster.
import * as z from 'zod';
import { AppError } from '../../../lib/errors';
import type { KubeObject } from '../../../lib/kube/objects';
import type { HomePlace, HomeRequest } from './place';
import { placeOf } from './place';
import { HOME_SCRIPT } from './script';
import type { HomeInitContainer, HomesSettings } from './settings';

const NAME = 'home-from-skeleton';
const SKELETON_MOUNT = '/skeleton';

const named = z.array(z.looseObject({ name: z.string() })).default([]);
const workload = z.looseObject({
  spec: z.looseObject({
    template: z.looseObject({ spec: z.looseObject({ volumes: named, initContainers: named }) }),
  }),
});

type Named = z.infer<typeof named>;

interface ContainerSettings extends HomesSettings {
  readonly initContainer: HomeInitContainer;
}

/** First of the init containers, so that the others find the home; adding it twice is adding it once. */
export function withHomeInitContainer(
  deployment: KubeObject,
  settings: HomesSettings,
  request: HomeRequest,
): KubeObject {
  const { mode, initContainer } = settings;
  if (mode !== 'initContainer' || !initContainer) return deployment;
  return withContainer(deployment, { ...settings, initContainer }, placeOf(settings, request));
}

function withContainer(deployment: KubeObject, settings: ContainerSettings, place: HomePlace): KubeObject {
  const { template, ...spec } = specOf(deployment);
  const { volumes, initContainers } = template.spec;
  const { volume } = settings.initContainer;
  if (!volumes.some(({ name }) => name === volume)) throw noVolume(volume);
  const pod = {
    ...template.spec,
    volumes: [...without(volumes), ...skeletonVolume(settings.initContainer)],
    initContainers: [homeContainer(settings, place), ...without(initContainers)],
  };
  return { ...deployment, spec: { ...spec, template: { ...template, spec: pod } } };
}

function specOf(deployment: KubeObject): z.infer<typeof workload>['spec'] {
  const parsed = workload.safeParse(deployment);
  if (parsed.success) return parsed.data.spec;
  const fault = z.prettifyError(parsed.error);
  throw new AppError('home_deployment', 500, `The main Deployment has no usable pod template: ${fault}`);
}

function without(items: Named): Named {
  return items.filter(({ name }) => name !== NAME);
}

function noVolume(volume: string): AppError {
  const message = `The main Deployment has no volume "${volume}" (userhomes.initContainer.volume): the home has no place.`;
  return new AppError('home_volume', 500, message);
}

/** Missing skeleton, empty home: as in mode "folder". */
function skeletonVolume({ skeletonConfigMap }: HomeInitContainer): Named {
  return skeletonConfigMap ? [{ name: NAME, configMap: { name: skeletonConfigMap, optional: true } }] : [];
}

function homeContainer(settings: ContainerSettings, place: HomePlace): Named[number] {
  const { image, volume, mountPath, resources, skeletonConfigMap, runAsRoot } = settings.initContainer;
  const skeletonMount = { name: NAME, mountPath: SKELETON_MOUNT, readOnly: true };
  return {
    name: NAME,
    image,
    command: ['sh', '-c', HOME_SCRIPT],
    env: environmentOf(settings, place),
    volumeMounts: [{ name: volume, mountPath }, ...(skeletonConfigMap ? [skeletonMount] : [])],
    securityContext: securityContextOf(settings, runAsRoot),
    resources,
  };
}

function environmentOf(settings: ContainerSettings, { group, user }: HomePlace): Named {
  const { mountPath, skeletonConfigMap, skeletonPath, runAsRoot } = settings.initContainer;
  const imageSkeleton = skeletonPath ? `${skeletonPath}/${group}` : '';
  const values = {
    HOMES: mountPath,
    HOME_GROUP: group,
    HOME_USER: user,
    SKELETON: skeletonConfigMap ? SKELETON_MOUNT : imageSkeleton,
    SKELETON_LINKS: skeletonConfigMap ? '-L' : '-P',
    IGNORE: settings.skel_ignore_files.join('\n'),
    OWNER: runAsRoot ? `${settings.uid}:${settings.gid}` : '',
  };
  return [
    ...Object.entries(values).map(([name, value]) => ({ name, value: literal(value) })),
    { name: 'ATTEMPT', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
  ];
}

/** Kubernetes expands `$(NAME)` in values, too. */
function literal(value: string): string {
  return value.replaceAll('$', '$$$$');
}

function securityContextOf({ uid, gid }: HomesSettings, runAsRoot: boolean): Readonly<Record<string, unknown>> {
  const capabilities = { drop: ['ALL'], ...(runAsRoot && { add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] }) };
  return {
    runAsUser: runAsRoot ? 0 : uid,
    runAsGroup: runAsRoot ? 0 : gid,
    runAsNonRoot: !runAsRoot && uid !== 0,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}
