import { configFileSchema } from '../../../../functions/services/configFile';
import { desiredObjects, wantsInput } from '../../../../functions/services/objects/desired';
import type { Settings } from '../../../../functions/services/settings';

const settings = (file: object = {}, stage?: string): Settings => ({
  file: configFileSchema.parse(file),
  stage,
  deploymentName: 'k8smgr',
  namespace: 'hub-ns',
});
const subject = { credential: 'hub', servername: 'lab1', startId: '1a2b3c4d', userId: 17 };
const deployment = (name: string, extra = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: <namespace>}\n${extra}`;
const desired = (text: string, using = settings()) =>
  desiredObjects({ template: { file: 'service.yaml', text }, subject, input: 'QUJD' }, using);

test('the main Deployment is told apart from the rest', () => {
  const { parts, main } = desired(
    `${deployment('deployment-main-<id>')}\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: cm-<id>}\ndata: {i: <input>, u: "<user_id>", uu: <unique_user_id>, s: <secret_name>, c: <secret_certs_name>}`,
  );
  expect(main.metadata).toEqual({ name: 'deployment-main-lab1-1a2b3c4d', namespace: 'hub-ns' });
  expect(parts).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cm-lab1-1a2b3c4d' },
      data: {
        i: 'QUJD',
        u: '17',
        uu: 'hub_17',
        s: 'secret-lab1-1a2b3c4d-k8smgr',
        c: 'secret-certs-lab1-1a2b3c4d-k8smgr',
      },
    },
  ]);
});

test('without the main Deployment, or with two, there is nothing to watch', () => {
  expect(() => desired(deployment('other'))).toThrow(
    'service.yaml: there is no Deployment named deployment-main-lab1-1a2b3c4d',
  );
  const main = deployment('deployment-main-<id>');
  expect(() => desired(`${main}\n---\n${main}`)).toThrow('service.yaml, document 2: a second Deployment');
});

test("replacements of stage and credential win in the contract's order", () => {
  const file = {
    services: {
      replace: {
        stage: { staging: { host: 'stage-host', who: 'stage' } },
        credential: { hub: { host: 'credential-host', who: 'credential', only: 'credential' } },
        stage_credential: { staging: { hub: { who: 'both' } } },
      },
    },
  };
  const text = deployment('deployment-main-<id>', 'spec: {a: <host>, b: <who>, c: <only>}');
  expect(desired(text, settings(file, 'staging')).main['spec']).toEqual({
    a: 'stage-host',
    b: 'both',
    c: 'credential',
  });
  expect(desired(text, settings(file)).main['spec']).toEqual({
    a: 'credential-host',
    b: 'credential',
    c: 'credential',
  });
});

test('the input archive is packed only for templates that ask for it', () => {
  expect(wantsInput({ file: 'f', text: 'a: <input>' }, settings())).toBe(true);
  expect(wantsInput({ file: 'f', text: 'a: input' }, settings())).toBe(false);
});
