import { configFileSchema } from '../../../../functions/services/configFile';
import { desiredObjects, updateObjects, wantsInput } from '../../../../functions/services/objects/desired';
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

const claimText = (name: string): string =>
  `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: ${name}, annotations: {hub-functions/restore: latest, who: "<user_name>"}}\n`;
const using = (claimName: string): string =>
  deployment(
    'deployment-main-<id>',
    `spec: {template: {spec: {volumes: [{name: home, persistentVolumeClaim: {claimName: ${claimName}}}]}}}`,
  );
const called = (userName: string | undefined, text: string) =>
  desiredObjects(
    { template: { file: 'service.yaml', text }, subject: { ...subject, userName }, input: '' },
    settings(),
  );

test('a claim that asks to be filled outlives the service, and is told apart', () => {
  const { parts, claims } = called('Ada L.', `${using('claim-<user_id>')}\n---\n${claimText('claim-<user_id>')}`);
  expect(parts).toEqual([]);
  expect(claims).toMatchObject([{ metadata: { name: 'claim-17', annotations: { who: 'Ada L.' } } }]);
});

test('a hub that does not say what it calls the user cannot have that filled in', () => {
  const text = `${using('claim-<user_id>')}\n---\n${claimText('claim-<user_id>')}`;
  expect(() => called(undefined, text)).toThrow('unknown placeholder <user_name>');
  expect(() => called('ada <id>', text)).toThrow('unknown placeholder <id>');
});

test('a claim that is of one start alone, or that no pod has, is refused, and so is one that comes later', () => {
  expect(() => called('ada', `${using('claim-<id>')}\n---\n${claimText('claim-<id>')}`)).toThrow(
    'service.yaml, document 2, metadata.name: is that of one start, but the claim outlives it: name it after its user',
  );
  expect(() => called('ada', `${using('other')}\n---\n${claimText('claim-ada')}`)).toThrow(
    'service.yaml, document 2, metadata.name: no pod of this description has the claim claim-ada',
  );
  const template = { file: 'update.yaml', text: claimText('claim-ada') };
  const late = { template, subject: { ...subject, userName: 'ada' }, input: '' };
  expect(() => updateObjects(late, settings())).toThrow(
    'update.yaml, document 1, metadata.annotations["hub-functions/restore"]: comes too late',
  );
});
