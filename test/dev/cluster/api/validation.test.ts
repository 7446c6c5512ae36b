import { APPS, BATCH, configMap, createApiClient, deployment, MERGE_PATCH, NS, podSpec } from './apiClient';

const DNS_1123 =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const web = deployment('web');
const pod = (spec: object) => ({ metadata: { name: 'p' }, spec });
const service = (name: string) => ({ metadata: { name }, spec: { ports: [{ port: 80 }] } });
const job = (spec: object = {}, template: object = { restartPolicy: 'Never', ...podSpec }) => ({
  metadata: { name: 'j' },
  spec: { ...spec, template: { metadata: { labels: { team: 'a' } }, spec: template } },
});

describe('objects that Kubernetes would refuse', () => {
  it.each<[string, object, string]>([
    [
      `${NS}/configmaps`,
      configMap('Foo_Bar'),
      `ConfigMap "Foo_Bar" is invalid: metadata.name: Invalid value: "Foo_Bar": ${DNS_1123}`,
    ],
    [
      `${NS}/configmaps`,
      configMap(''),
      'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required',
    ],
    [
      `${NS}/services`,
      { metadata: { name: '1a' }, spec: { ports: [{ port: 80 }] } },
      'metadata.name: Invalid value: "1a": a DNS-1035 label must consist of',
    ],
    [`${NS}/services`, { metadata: { name: 'a' }, spec: {} }, 'Service "a" is invalid: spec.ports: Required value'],
    [
      `${NS}/configmaps`,
      { metadata: { name: 'a', labels: { 'a b': 'x' } } },
      'metadata.labels: Invalid value: "a b": name part must consist of',
    ],
    [
      `${NS}/configmaps`,
      { metadata: { name: 'a', labels: { a: 'x y' } } },
      'metadata.labels: Invalid value: "x y": a valid label must be an empty string',
    ],
    [
      `${NS}/configmaps`,
      configMap('a', { data: { 'b c': '' } }),
      'data[b c]: Invalid value: "b c": a valid config key must consist of',
    ],
    [
      `${NS}/configmaps`,
      configMap('a', { data: { x: 'x'.repeat(1024 * 1024 + 1) } }),
      'Too long: may not be more than 1048576 bytes',
    ],
    [
      `${NS}/secrets`,
      configMap('a', { stringData: { x: 'x'.repeat(1024 * 1024 + 1) } }),
      'data: Too long: may not be more than 1048576 bytes',
    ],
    [`${NS}/pods`, pod({ containers: [] }), 'Pod "p" is invalid: spec.containers: Required value'],
    [`${NS}/pods`, pod({ containers: [{ name: 'a' }] }), 'spec.containers[0].image: Required value'],
    [
      `${NS}/pods`,
      pod({ containers: [{ name: 'a', image: 'b', volumeMounts: [{ name: 'x', mountPath: '/x' }] }] }),
      'spec.containers[0].volumeMounts[0].name: Not found: "x"',
    ],
    [
      `${NS}/pods`,
      pod({
        containers: [{ name: 'a', image: 'b', resources: { requests: { memory: '2Gi' }, limits: { memory: '1Gi' } } }],
      }),
      'spec.containers[0].resources.requests: Invalid value: "2Gi": must be less than or equal to memory limit of 1Gi',
    ],
    [
      `${APPS}/deployments`,
      { ...web, spec: { ...web.spec, selector: { matchLabels: { app: 'x' } } } },
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    [`${APPS}/deployments`, { ...web, spec: { template: web.spec.template } }, 'spec.selector: Required value'],
    [
      `${BATCH}/jobs`,
      job({}, podSpec),
      'spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never"',
    ],
    [
      `${NS}/persistentvolumeclaims`,
      { metadata: { name: 'c' }, spec: {} },
      'spec.accessModes: Required value: at least 1 access mode is required',
    ],
  ])('%s #%#', async (path, object, message) => {
    const { status, body } = await createApiClient().post(path, object);
    expect(body.message).toContain(message);
    expect(status).toBe(422);
    expect(body).toMatchObject({ reason: 'Invalid', details: { kind: expect.any(String), causes: expect.any(Array) } });
  });

  it('name all faults together, each with its field', async () => {
    const { body } = await createApiClient().post(`${NS}/pods`, pod({ containers: [{}] }));
    expect(body.message).toBe(
      'Pod "p" is invalid: [spec.containers[0].name: Required value, spec.containers[0].image: Required value]',
    );
    expect(body.details.causes[1]).toEqual({
      reason: 'FieldValueRequired',
      message: 'Required value',
      field: 'spec.containers[0].image',
    });
  });

  it.each<[string, string, object, string]>([
    [
      `${APPS}/deployments/web`,
      `${APPS}/deployments`,
      { spec: { selector: { matchLabels: { app: 'web', a: 'b' } }, template: { metadata: { labels: { a: 'b' } } } } },
      'field is immutable',
    ],
    [
      `${NS}/pods/p`,
      `${NS}/pods`,
      { spec: { hostname: 'x' } },
      'spec: Forbidden: pod updates may not change fields other than',
    ],
    [
      `${NS}/pods/p`,
      `${NS}/pods`,
      { spec: { schedulingGates: [{ name: 'a/b' }] } },
      "spec.schedulingGates: Forbidden: only deletion is allowed, but found new scheduling gate 'a/b'",
    ],
    [
      `${BATCH}/jobs/j`,
      `${BATCH}/jobs`,
      { spec: { template: { metadata: { labels: { team: 'b' } } } } },
      'spec.template: Invalid value',
    ],
    [
      `${NS}/services/s`,
      `${NS}/services`,
      { spec: { clusterIP: '10.96.9.9' } },
      'spec.clusterIPs[0]: Invalid value: ["10.96.9.9"]: may not change once set',
    ],
    [
      `${NS}/configmaps/sealed`,
      `${NS}/configmaps`,
      { data: { x: '1' } },
      'data: Forbidden: field is immutable when `immutable` is set',
    ],
  ])('%s may not be changed in that way', async (...[path, collection, patch, message]) => {
    const api = createApiClient();
    const objects = [
      web,
      pod(podSpec),
      job(),
      { metadata: { name: 's' }, spec: { ports: [{ port: 80 }] } },
      configMap('sealed', { immutable: true }),
    ];
    const object = objects.find(({ metadata }) => path.endsWith(`/${metadata.name}`));
    expect((await api.post(collection, object)).status).toBe(201);
    const { status, body } = await api.patch(path, patch, MERGE_PATCH);
    expect(body.message).toContain(message);
    expect(status).toBe(422);
  });

  it('exceed a quota', async () => {
    const api = createApiClient();
    await api.post(`${NS}/resourcequotas`, {
      metadata: { name: 'q' },
      spec: { hard: { pods: '1', 'count/jobs.batch': '0', 'requests.memory': '1Gi' } },
    });
    await api.post(`${NS}/pods`, pod(podSpec));
    const second = await api.post(`${NS}/pods`, { ...pod(podSpec), metadata: { name: 'p2' } });
    expect(second.status).toBe(403);
    expect(second.body.message).toBe(
      'pods "p2" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    );
    expect((await api.post(`${BATCH}/jobs`, job())).body.message).toContain(
      'exceeded quota: q, requested: count/jobs.batch=1',
    );
    const { body } = await api.get(`${NS}/resourcequotas/q`);
    expect(body.status.used).toEqual({ pods: '1', 'count/jobs.batch': '0', 'requests.memory': '0' });
  });

  it('have a namespace that is on its way out', async () => {
    const api = createApiClient();
    await api.post('/api/v1/namespaces', { metadata: { name: 'old' } });
    await api.remove('/api/v1/namespaces/old');
    const { status, body } = await api.post('/api/v1/namespaces/old/configmaps', configMap('a'));
    expect(status).toBe(403);
    expect(body.message).toBe(
      'configmaps "a" is forbidden: unable to create new content in namespace old because it is being terminated',
    );
  });
});

describe('defaults', () => {
  it('of a Secret: stringData becomes data', async () => {
    const { body } = await createApiClient().post(`${NS}/secrets`, configMap('s', { stringData: { a: 'b' } }));
    expect(body).toMatchObject({ type: 'Opaque', data: { a: 'Yg==' } });
    expect(body.stringData).toBeUndefined();
  });

  it('of a Service: an address of its own, protocol and target port', async () => {
    const api = createApiClient();
    const [{ body: one }, { body: two }] = [
      await api.post(`${NS}/services`, service('one')),
      await api.post(`${NS}/services`, service('two')),
    ];
    expect(one.spec).toMatchObject({
      type: 'ClusterIP',
      clusterIP: '10.96.0.2',
      ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }],
    });
    expect(two.spec.clusterIP).toBe('10.96.0.3');
  });

  it('of a Deployment and its pods', async () => {
    const { body } = await createApiClient().post(`${APPS}/deployments`, web);
    expect(body.spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
    });
    expect(body.spec.template.spec).toMatchObject({
      restartPolicy: 'Always',
      containers: [{ imagePullPolicy: 'Always', terminationMessagePath: '/dev/termination-log' }],
    });
  });

  it('of a Job: selector and labels by its uid, and labels of its template', async () => {
    const { body } = await createApiClient().post(`${BATCH}/jobs`, job());
    const { uid } = body.metadata;
    expect(body.metadata.labels).toEqual({ team: 'a' });
    expect(body.spec).toMatchObject({
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
    });
    expect(body.spec.template.metadata.labels).toMatchObject({ team: 'a', 'job-name': 'j', 'controller-uid': uid });
  });
});
