import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archiveSettings, environmentSchema as archiveEnvironment } from '../../../functions/archive/settings';
import { environmentSchema as intakeEnvironment, intakeSettings } from '../../../functions/intake/settings';
import { hubApi, hubFault, hubsKey } from '../../../lib/config/hubs';

const hubs = hubsKey.parse({ one: ['http://hub:8081/hub/api', 'https://hub.example.org/hub/api'], none: [] });

test.each([
  ['the first of its addresses', 'one', 'http://hub:8081/hub/api/', undefined],
  ['one without an address', 'none', undefined, 'section hubs has no address of none'],
  ['one that is not there', 'other', undefined, 'section hubs has no address of other'],
  ['one that only JavaScript knows', 'constructor', undefined, 'section hubs has no address of constructor'],
  ['none is named', undefined, undefined, undefined],
])('which hub is asked: %s', (_what, name, api, fault) => {
  expect(hubApi({ hubs, name })).toBe(api);
  expect(hubFault({ hubs, name })).toBe(fault);
});

const configOf = (name: string) => ({ archive: { hub: name }, intake: { submissions: { hub: name } } });

describe('a function that lets users of a hub in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hub-functions-hubs-'));
  const file = join(folder, 'config.json');
  const settingsOf = {
    'archive.hub': () =>
      archiveSettings(archiveEnvironment.parse({ CONFIG_PATH: file, MOVER_IMAGE: 'mover:1' }), 'jhub'),
    'intake.submissions.hub': () => intakeSettings(intakeEnvironment.parse({ CONFIG_PATH: file }), 'jhub'),
  };

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(['archive.hub', 'intake.submissions.hub'] as const)('asks the address of %s', (key) => {
    writeFileSync(file, JSON.stringify({ ...configOf('course'), hubs: { course: ['http://hub:8081/hub/api'] } }));
    expect(settingsOf[key]().hubApi).toBe('http://hub:8081/hub/api/');
  });

  test.each(['archive.hub', 'intake.submissions.hub'] as const)('does not start when %s has none', (key) => {
    writeFileSync(file, JSON.stringify({ ...configOf('course'), hubs: { cuorse: ['http://hub:8081/hub/api'] } }));
    expect(settingsOf[key]).toThrow(`config.json is not usable:\n  ${key}: section hubs has no address of course`);
  });
});
