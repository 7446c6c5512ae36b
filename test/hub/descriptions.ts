// Descriptions beside those of the checkout: JupyterLab that cannot be pulled, one that never gets ready, and one on a claim that stays.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const MISSING_IMAGE = 'dev.local/does-not-exist:1';

/** JupyterLab and its kin, of which a node with two cores that Knative is on has room for as many as a test starts. */
export function modestDescriptions(): Readonly<Record<string, string>> {
  const all = Object.entries({ lab: readLab(), ...otherDescriptions() });
  return Object.fromEntries(all.map(([name, text]) => [name, replaced(text, /cpu: .*/, 'cpu: 10m')]));
}

/** The texts of their service.yaml by name. */
function otherDescriptions(): Readonly<Record<string, string>> {
  const lab = readLab();
  return {
    'bad-image': replaced(lab, /image: .*/, `image: ${MISSING_IMAGE}`),
    slow: replaced(lab, /command: .*/, "command: [sleep, '600']"),
    kept: `${replaced(lab, /emptyDir: .*/, 'persistentVolumeClaim: {claimName: claim-<user_name>}')}---\n${CLAIM}`,
  };
}

const CLAIM = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: claim-<user_name>
  annotations:
    hub-functions/restore: latest
    hub.jupyter.org/username: <user_name>
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 64Mi
`;

/** All of them, those of the checkout included. */
export function writeDescriptions(folder: string): void {
  cpSync(resolve('descriptions'), folder, { recursive: true });
  for (const [service, yaml] of Object.entries(otherDescriptions())) {
    const path = join(folder, 'jupyterhub', service);
    mkdirSync(path);
    writeFileSync(join(path, 'service.yaml'), yaml);
  }
}

function readLab(): string {
  return readFileSync(resolve('descriptions', 'jupyterhub', 'lab', 'service.yaml'), 'utf8');
}

function replaced(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) throw new Error(`the description of lab has nothing like ${pattern}`);
  return text.replace(pattern, replacement);
}
