// A whole installation on Knative, as an operator has it; hub and proxy stay on this machine, which is the cluster's node.
import { resolve } from 'node:path';
import { MANAGED_BY, LABELS } from '../../../lib/labels';
import { basic } from '../../support/credentialFiles';
import { openDoor } from '../../support/knative/door';
import { install } from '../../support/knative/installation';
import { HUB } from '../../support/knative/overlay';
import type { Bench } from '../bench';
import { modestDescriptions } from '../descriptions';
import { contentsOf } from './contents';
import type { Platform, PlatformPlace, PlatformWish } from './platform';

export const knativePlace: PlatformPlace = {
  startPlatform,
  // The node's address for its pods (../shared/cluster).
  hubHost: process.env['HUB_TEST_HOST'] ?? '10.250.0.1',
  hubConfigs: resolve('test', 'hub', 'knative'),
};

const OURS = `${LABELS.managedBy}=${MANAGED_BY}`;

async function startPlatform({ folder }: Bench, { settings }: PlatformWish): Promise<Platform> {
  const status_policy = { imageGraceSeconds: 2, registryGraceSeconds: 2 };
  const config = { ...settings, services: { status_policy } };
  const { kube, namespace, request, close } = await install({ config, descriptions: modestDescriptions() });
  await request('services');
  const door = await openDoor('hub-functions-services', namespace);
  return {
    url: door.url,
    environment: {
      HUB_FUNCTIONS_STATE: folder,
      KUBECONFIG: process.env['KUBECONFIG'] ?? '',
      HUB_FUNCTIONS_NAMESPACE: namespace,
      HUB_FUNCTIONS_AUTHORIZATION: basic(HUB),
    },
    contents: async () => contentsOf(kube, OURS),
    close: async () => {
      door.close();
      await close();
    },
  };
}
