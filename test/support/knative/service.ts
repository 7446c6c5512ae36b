// Knative Services of tests: what deploy/knative says, with another name, place for files, or scale.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';

interface Container {
  image: string;
  env?: { name: string; value: string }[];
  volumeMounts?: object[];
  resources: { requests: { cpu: string } };
}

export interface KnativeService {
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    template: {
      metadata: { annotations: Record<string, string> };
      spec: { containers: [Container]; volumes?: object[] };
    };
  };
}

/** Images as `npm run build:images -- --cluster` names them. */
export const IMAGE_PREFIX = process.env['IMAGE_PREFIX'] ?? 'dev.local/hub-functions';
const { version } = JSON.parse(readFileSync(resolve('package.json'), 'utf8')) as { version: string };
const IMAGE_TAG = process.env['IMAGE_TAG'] ?? version;
const VISIBILITY = 'networking.knative.dev/visibility';

export function deployedService(name: string): KnativeService {
  const service = parse(readFileSync(resolve('deploy/knative', name, 'service.yaml'), 'utf8')) as KnativeService;
  const [container] = service.spec.template.spec.containers;
  container.image = `${IMAGE_PREFIX}-${name}:${IMAGE_TAG}`;
  container.resources.requests.cpu = '1m';
  delete service.metadata.labels[VISIBILITY];
  return service;
}

/** Reads its files from a claim, under the path that they have on the node; ours to write there. */
export function onClaim(service: KnativeService, claim: string, path: string): KnativeService {
  const { spec } = service.spec.template;
  spec.volumes = [{ name: 'files', persistentVolumeClaim: { claimName: claim, readOnly: true } }];
  spec.containers[0].volumeMounts = [{ name: 'files', mountPath: path, readOnly: true }];
  return service;
}
