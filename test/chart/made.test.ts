// What is made of other files is not stale, helm finds no fault, and both versions of helm say the same.
import { spawnSync } from 'node:child_process';
import { CHART, HELMS, helmOf, nameOf, render } from '../support/chart/helm';

const PLATFORMS = ['knative', 'deployment', 'openfaas'];

test('deploy/manifests is what the chart renders, and the version is that of package.json', () => {
  const { status, stderr } = spawnSync(process.execPath, ['charts/build.mjs', '--check'], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

describe.each(HELMS)('%s', (program) => {
  test.each(PLATFORMS)('finds no fault for %s', async (platform) => {
    const said = await helmOf(program)(['lint', '--strict', CHART, '--set', `platform=${platform}`]);
    expect(said).toContain('0 chart(s) failed');
  });
});

test.each(PLATFORMS)('both render the same for %s', async (platform) => {
  const values = { platform, uninstall: { removeEverything: true }, archive: { releaseClaims: true } };
  const [one, other] = await Promise.all(HELMS.map(async (program) => render(values, { program })));
  const sorted = (objects = one): unknown => objects?.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b)));
  expect(one?.length).toBeGreaterThan(10);
  expect(sorted(one)).toEqual(sorted(other));
});
