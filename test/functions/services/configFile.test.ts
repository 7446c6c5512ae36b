import { configFileSchema, withoutLostKeys } from '../../../functions/services/configFile';
import { loadConfig } from '../../../lib/config/load';

const load = (file: unknown): ReturnType<typeof configFileSchema.parse> =>
  loadConfig(configFileSchema, file, 'config.json');

test('an empty file has the defaults of the contract', () => {
  const { services, custom_headers_keys, error_messages, userhomes } = load({});
  expect(custom_headers_keys).toEqual({ HTTP_ACCESS_TOKEN: 'access-token', HTTP_UUIDCODE: 'uuidcode' });
  expect(services).toMatchObject({
    descriptions: '/tmp/services/descriptions',
    yaml_filename: 'service.yaml',
    yaml_filename_update: 'update.yaml',
    deployment_main_name_prefix: 'deployment-main-',
    container_main_name: 'main',
    input_dir: 'input',
    env_skip: ['LC_ALL', 'LANG', 'PATH', 'PYTHONPATH', 'uuidcode'],
    pod_events_to_fail: ['Warning'],
    replace: { indicators: ['<', '>'], drfid_keyword: 'id', secretcertsname_keyword: 'secret_certs_name' },
    status_information: { pod_events_no: 3, container_logs_lines: 5, container_logs_join: '<br>' },
  });
  expect(error_messages['services.utils.common.start_service_2']).toBe('Could not start service');
  expect(userhomes).toMatchObject({ base: '/tmp/userhomes', skel: '/etc/skel', uid: 1000, gid: 1000 });
});

test('every fault is listed with its place, and no value', () => {
  const file = {
    services: { yaml_filename: 7, replace: { indicators: ['<'] }, env_skip: 'PATH', typo: 'secret-value' },
    userhomes: { uid: 'root' },
    tunnel: [{ timeout: -1 }],
  };
  let message = '';
  try {
    load(file);
  } catch (error) {
    message = (error as Error).message;
  }
  for (const place of [
    'services.yaml_filename',
    'services.replace.indicators',
    'services.env_skip',
    'services:',
    'typo',
    'userhomes.uid',
    'tunnel[0].timeout',
  ]) {
    expect(message).toContain(place);
  }
  expect(message).not.toContain('secret-value');
});

test('keys that lost their meaning are accepted and named', () => {
  const { file, lost } = withoutLostKeys({
    services: { base: '/tmp', max_start_attempts: 3, ssl: { enabled: true } },
    userhomes: { quota_vo_mapping: {} },
  });
  expect(lost).toEqual(['services.base', 'services.max_start_attempts', 'services.ssl', 'userhomes.quota_vo_mapping']);
  expect(() => load(file)).not.toThrow();
});
