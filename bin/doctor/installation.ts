// What an installation consists of, read from the files that are installed.
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../lib/kube/objects';
import type { Platform } from './facts';

interface Kustomization {
  readonly resources?: readonly string[];
  readonly components?: readonly string[];
  readonly configMapGenerator?: readonly { readonly name: string }[];
}

/** OpenFaaS makes the functions itself: it is told by its own API, not by kubectl. */
const FOLDERS: Readonly<Record<Platform, string>> = {
  knative: 'deploy/knative',
  openfaas: 'deploy/openfaas/base',
  deployment: 'deploy/manifests',
};

/** Names and kinds are right; images, namespaces and hashes in names are what kustomize makes of them. */
export async function readInstallation(platform: Platform, root: string): Promise<readonly KubeObject[]> {
  const manifests = await readKustomization(join(root, FOLDERS[platform]));
  // On OpenFaaS accounts live where functions do, on the editions that have any.
  return platform === 'openfaas' ? manifests.filter(({ kind }) => kind !== 'ServiceAccount') : manifests;
}

async function readKustomization(folder: string): Promise<readonly KubeObject[]> {
  const text = await readFile(join(folder, 'kustomization.yaml'), 'utf8');
  const { resources = [], components = [], configMapGenerator = [] } = parse(text) as Kustomization;
  const parts = await Promise.all([...resources, ...components].map(async (part) => readPart(join(folder, part))));
  const generated = configMapGenerator.map(({ name }) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }));
  return [...parts.flat(), ...generated];
}

async function readPart(path: string): Promise<readonly KubeObject[]> {
  if ((await stat(path)).isDirectory()) return readKustomization(path);
  const documents = parseAllDocuments(await readFile(path, 'utf8'));
  const broken = documents.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined) throw new Error(`${path} in ${dirname(path)} is no YAML: ${broken.message}`);
  return documents.map((document) => document.toJS() as KubeObject);
}
