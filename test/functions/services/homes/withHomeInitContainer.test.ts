import type { KubeObject } from '../../../../lib/kube/objects';
import { homesSettings } from '../../../../functions/services/homes/settings';
import { HOME_SCRIPT } from '../../../../functions/services/homes/script';
import { withHomeInitContainer } from '../../../../functions/services/homes/withHomeInitContainer';

const request = { credential: 'hub', service: 'JupyterLab', userId: 17 };
const settingsOf = (initContainer: object = {}, rest: object = {}) =>
  homesSettings.parse({
    mode: 'initContainer',
    initContainer: { image: 'busybox:1.36', volume: 'homes', ...initContainer },
    ...rest,
  });
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'deployment-main-lab-1' },
  spec: {
    replicas: 1,
    template: {
      metadata: { labels: { name: 'lab-1' } },
      spec: {
        volumes: [{ name: 'homes', persistentVolumeClaim: { claimName: 'homes' } }],
        initContainers: [{ name: 'other', image: 'other' }],
        containers: [{ name: 'main', image: 'lab', volumeMounts: [{ name: 'homes', mountPath: '/home' }] }],
      },
    },
  },
};
const podOf = (settings: ReturnType<typeof settingsOf>, from: KubeObject = deployment) =>
  (withHomeInitContainer(from, settings, request) as typeof deployment).spec.template.spec;
const valuesOf = (settings: ReturnType<typeof settingsOf>) =>
  Object.fromEntries(
    (podOf(settings).initContainers[0] as unknown as { env: { name: string; value?: string }[] }).env.map(
      ({ name, value }) => [name, value],
    ),
  );

describe('withHomeInitContainer', () => {
  test('adds the container before the others and leaves the rest as it is', () => {
    const changed = withHomeInitContainer(deployment, settingsOf(), request) as typeof deployment;
    const { initContainers, ...pod } = changed.spec.template.spec;
    const { initContainers: before, ...podBefore } = deployment.spec.template.spec;
    expect(pod).toEqual(podBefore);
    expect(initContainers.map(({ name }) => name)).toEqual(['home-from-skeleton', 'other']);
    expect({ ...changed, spec: { ...changed.spec, template: undefined } }).toEqual({
      ...deployment,
      spec: { ...deployment.spec, template: undefined },
    });
    expect(before).toHaveLength(1);
  });

  test('the container runs the fixed script as the owner of the home, with no privilege', () => {
    expect(podOf(settingsOf({}, { uid: 1234, gid: 100 })).initContainers[0]).toEqual({
      name: 'home-from-skeleton',
      image: 'busybox:1.36',
      command: ['sh', '-c', HOME_SCRIPT],
      env: expect.arrayContaining([
        { name: 'HOME_USER', value: '17' },
        { name: 'ATTEMPT', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } },
      ]),
      volumeMounts: [{ name: 'homes', mountPath: '/homes' }],
      securityContext: {
        runAsUser: 1234,
        runAsGroup: 100,
        runAsNonRoot: true,
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
        seccompProfile: { type: 'RuntimeDefault' },
      },
      resources: { requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '128Mi' } },
    });
  });

  test('as root it gives the home away, with the capabilities for that alone', () => {
    const settings = settingsOf({ runAsRoot: true });
    expect(podOf(settings).initContainers[0]).toMatchObject({
      securityContext: {
        runAsUser: 0,
        runAsNonRoot: false,
        capabilities: { add: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'] },
      },
    });
    expect(valuesOf(settings)).toMatchObject({ OWNER: '1000:1000' });
    expect(valuesOf(settingsOf())).toMatchObject({ OWNER: '' });
  });

  test('a skeleton in the image is kept by group, and its links stay links', () => {
    const rest = { credential_mapping: { hub: 'shared' }, service_suffix: { JupyterLab: '_lab' } };
    expect(valuesOf(settingsOf({ skeletonPath: '/skel', mountPath: '/mnt' }, rest))).toMatchObject({
      HOMES: '/mnt',
      HOME_GROUP: 'shared_lab',
      SKELETON: '/skel/shared_lab',
      SKELETON_LINKS: '-P',
    });
  });

  test('a skeleton in a ConfigMap is mounted, and may be missing', () => {
    const pod = podOf(settingsOf({ skeletonConfigMap: 'home-skeleton' }));
    expect(pod.volumes).toContainEqual({
      name: 'home-from-skeleton',
      configMap: { name: 'home-skeleton', optional: true },
    });
    expect(pod.initContainers[0]).toMatchObject({
      volumeMounts: [
        { name: 'homes', mountPath: '/homes' },
        { name: 'home-from-skeleton', mountPath: '/skeleton', readOnly: true },
      ],
      env: expect.arrayContaining([{ name: 'SKELETON_LINKS', value: '-L' }]),
    });
  });

  test('Kubernetes expands nothing in the values', () => {
    expect(valuesOf(settingsOf({}, { skel_ignore_files: ['$(HOMES)', '*.log'] }))).toMatchObject({
      IGNORE: '$$(HOMES)\n*.log',
    });
  });

  test('adding it twice is adding it once', () => {
    const settings = settingsOf({ skeletonConfigMap: 'home-skeleton' });
    const once = withHomeInitContainer(deployment, settings, request);
    expect(withHomeInitContainer(once, settings, request)).toEqual(once);
  });

  test('a pod without the volume of the homes is told', () => {
    expect(() => podOf(settingsOf({ volume: 'other' }))).toThrow(expect.objectContaining({ code: 'home_volume' }));
  });

  test('what is no Deployment is told', () => {
    expect(() => podOf(settingsOf(), { kind: 'Deployment', spec: {} })).toThrow(
      expect.objectContaining({ code: 'home_deployment' }),
    );
  });

  test.each(['folder', 'none'])('mode "%s" changes nothing', (mode) => {
    expect(withHomeInitContainer(deployment, { ...settingsOf(), mode } as never, request)).toBe(deployment);
  });
});
