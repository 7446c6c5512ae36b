// Helm, as an operator would use it, with folders of its own: what this machine's user has is not touched.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../lib/kube/objects';

export type Helm = (args: readonly string[], input?: string) => Promise<string>;

/** Both that are in use; helm 4 is a program of its own. */
export const HELMS = ['helm', 'helm4'] as const;
export const CHART = 'charts/hub-functions';
/** Without a cluster: a helm that `go install` has built takes Kubernetes for older than any that the chart runs on. */
export const KUBERNETES = ['--kube-version', 'v1.34.0'];

const MAX_OUTPUT_BYTES = 32 * 1024 * 1024;
const folder = mkdtempSync(join(tmpdir(), 'hub-functions-helm-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const HOMES = {
  HELM_CACHE_HOME: join(folder, 'cache'),
  HELM_CONFIG_HOME: join(folder, 'config'),
  HELM_DATA_HOME: join(folder, 'data'),
};

/** Fails with what helm says. */
export function helmOf(program: string): Helm {
  return async (args, input = '') =>
    new Promise((resolve, reject) => {
      const options = { maxBuffer: MAX_OUTPUT_BYTES, env: { ...process.env, ...HOMES } };
      const child = execFile(program, args, options, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} ${args.join(' ')}: ${stderr || error.message}\n${stdout}`));
      });
      child.stdin?.on('error', () => undefined).end(input);
    });
}

export const helm = helmOf('helm');

/** All objects that values make of the chart, hooks included. */
export async function render(
  values: object = {},
  { program = 'helm', namespace = 'jhub' } = {},
): Promise<readonly KubeObject[]> {
  const args = ['template', 'hub-functions', CHART, '--namespace', namespace, '--values', '-', ...KUBERNETES];
  const text = await helmOf(program)(args, JSON.stringify(values));
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubeObject | null)
    .filter((object) => object !== null);
}

/** `Deployment/hub-functions-jobs` */
export function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata?.name}`;
}

export function find(objects: readonly KubeObject[], name: string): KubeObject {
  const found = objects.find((object) => nameOf(object) === name);
  if (found === undefined) throw new Error(`there is no ${name} among ${objects.map(nameOf).join(', ')}`);
  return found;
}
