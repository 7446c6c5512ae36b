// `npm start` as a user runs it: gateway, functions and embedded cluster in one program.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readKubeconfig } from '../../support/kubeconfigFile';
import { kubeClient } from '../../support/kubeClient';
import type { Bench } from '../bench';
import { writeDescriptions } from '../descriptions';
import { contentsOf } from './contents';
import type { Platform, PlatformPlace, PlatformWish } from './platform';

export const embeddedPlace: PlatformPlace = {
  startPlatform,
  hubHost: '127.0.0.1',
  hubConfigs: resolve('test', 'hub', 'embedded'),
};

const DIST = process.env['DIST_DIR'] ?? 'dist';

async function startPlatform({ start, folder }: Bench, { settings }: PlatformWish): Promise<Platform> {
  const stateFolder = join(folder, '.hub-functions');
  const program = resolve(DIST, 'dev', 'start.js');
  const functions = start('functions', [process.execPath, program, '--port', '0', '--verbose']);
  const url = await functions.until(() => /listens on (http:\S+),/.exec(functions.output())?.[1], 30);
  configure(stateFolder, join(folder, 'descriptions'), settings);
  const kube = kubeClient(readKubeconfig(join(stateFolder, 'cluster', 'kubeconfig')), 'default');
  return {
    url,
    environment: { HUB_FUNCTIONS_STATE: stateFolder },
    contents: async () => contentsOf(kube),
    close: async () => kube.close(),
  };
}

/** Functions read the file when they start, which is at their first request. */
function configure(stateFolder: string, descriptions: string, settings: object): void {
  writeDescriptions(descriptions);
  const file = join(stateFolder, 'config.json');
  const config = JSON.parse(readFileSync(file, 'utf8')) as { readonly services: object };
  const services = { ...config.services, descriptions, status_policy: { imageGraceSeconds: 2 } };
  writeFileSync(file, JSON.stringify({ ...config, ...settings, services }));
}
