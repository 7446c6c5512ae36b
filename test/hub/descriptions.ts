// The descriptions of the checkout, and beside JupyterLab two that go wrong: one cannot be pulled, one never gets ready.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const MISSING_IMAGE = 'dev.local/does-not-exist:1';

export function writeDescriptions(folder: string): void {
  cpSync(resolve('descriptions'), folder, { recursive: true });
  const lab = readFileSync(join(folder, 'jupyterhub', 'lab', 'service.yaml'), 'utf8');
  write(folder, 'bad-image', replaced(lab, /image: .*/, `image: ${MISSING_IMAGE}`));
  write(folder, 'slow', replaced(lab, /command: .*/, "command: [sleep, '600']"));
}

function replaced(text: string, pattern: RegExp, replacement: string): string {
  if (!pattern.test(text)) throw new Error(`the description of lab has nothing like ${pattern}`);
  return text.replace(pattern, replacement);
}

function write(folder: string, service: string, yaml: string): void {
  const path = join(folder, 'jupyterhub', service);
  mkdirSync(path);
  writeFileSync(join(path, 'service.yaml'), yaml);
}
