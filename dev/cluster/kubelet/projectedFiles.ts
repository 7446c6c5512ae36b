// Which files a ConfigMap, Secret, downwardAPI or projected volume holds.
import type {
  V1ConfigMapVolumeSource,
  V1DownwardAPIVolumeFile,
  V1KeyToPath,
  V1SecretVolumeSource,
  V1Volume,
  V1VolumeProjection,
} from '@kubernetes/client-node';
import { CONFIG_MAPS, SECRETS, type Client } from '../controllers/client';
import type { Pod, Values, Wire } from '../controllers/wire';
import { fieldValue } from './fields';
import type { ProjectedFile, Projection } from './projection';

export type Volume = Wire<V1Volume>;

export interface ProjectionSources {
  readonly client: Client;
  readonly pod: Pod;
}

const DEFAULT_MODE = 0o644;

/** `undefined` for volumes of another kind; throws what a FailedMount event tells. */
export function projectedFiles(volume: Volume, sources: ProjectionSources): Projection | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap) return configMapFiles(configMap, sources);
  if (secret) return secretFiles({ ...secret, name: secret.secretName }, sources);
  if (downwardAPI) return fieldFiles(downwardAPI.items, sources.pod, downwardAPI.defaultMode);
  if (projected) {
    const { defaultMode, sources: parts = [] } = projected;
    return new Map(parts.flatMap((part) => [...partFiles(part, sources, defaultMode)]));
  }
  return undefined;
}

/** A serviceAccountToken has no file: nobody here could check it. */
function partFiles(part: Wire<V1VolumeProjection>, sources: ProjectionSources, defaultMode?: number): Projection {
  const { configMap, secret, downwardAPI } = part;
  if (configMap) return configMapFiles({ ...configMap, defaultMode }, sources);
  if (secret) return secretFiles({ ...secret, defaultMode }, sources);
  return fieldFiles(downwardAPI?.items, sources.pod, defaultMode);
}

function configMapFiles(source: Wire<V1ConfigMapVolumeSource>, { client, pod }: ProjectionSources): Projection {
  const { name = '', optional } = source;
  const found = client.get(CONFIG_MAPS, pod.metadata.namespace, name);
  if (found === undefined && optional !== true) throw new Error(`configmap "${name}" not found`);
  const contents = new Map([...texts(found?.data, 'utf8'), ...texts(found?.binaryData, 'base64')]);
  return selected(contents, source);
}

type SecretSource = Wire<V1SecretVolumeSource> & { readonly name?: string | undefined };

function secretFiles(source: SecretSource, { client, pod }: ProjectionSources): Projection {
  const { name = '', optional } = source;
  const found = client.get(SECRETS, pod.metadata.namespace, name);
  if (found === undefined && optional !== true) throw new Error(`secret "${name}" not found`);
  return selected(texts(found?.data, 'base64'), source);
}

function texts(data: Values = {}, encoding: 'utf8' | 'base64'): Map<string, Buffer> {
  return new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, encoding)]));
}

interface Selection {
  readonly items?: readonly Wire<V1KeyToPath>[] | undefined;
  readonly optional?: boolean | undefined;
  readonly defaultMode?: number | undefined;
}

function selected(contents: ReadonlyMap<string, Buffer>, { items, optional, defaultMode }: Selection): Projection {
  const all = [...contents.keys()].map((key) => ({ key, path: key }));
  const files = new Map<string, ProjectedFile>();
  for (const { key, path, ...item } of items ?? all) {
    const content = contents.get(key);
    if (content === undefined && optional !== true) throw new Error(`references non-existent config key: ${key}`);
    const mode = ('mode' in item ? item.mode : undefined) ?? defaultMode ?? DEFAULT_MODE;
    if (content !== undefined) files.set(inside(path), { content, mode });
  }
  return files;
}

function fieldFiles(
  items: readonly Wire<V1DownwardAPIVolumeFile>[] = [],
  pod: Pod,
  defaultMode = DEFAULT_MODE,
): Projection {
  const files = items.map(({ path, mode = defaultMode, fieldRef }): [string, ProjectedFile] => {
    const content = Buffer.from(fieldRef === undefined ? '' : fieldValue(pod, fieldRef.fieldPath));
    return [inside(path), { content, mode }];
  });
  return new Map(files);
}

/** A path may never lead out of its volume. */
export function inside(path: string): string {
  if (path.startsWith('/') || path.split('/').includes('..')) throw new Error(`${path}: must not leave the volume`);
  return path;
}
