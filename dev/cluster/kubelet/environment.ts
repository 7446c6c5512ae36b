// A container's environment as its pod asks for it: envFrom, env with references and `$(NAME)`, Services.
import type { V1Container, V1EnvFromSource, V1EnvVar } from '@kubernetes/client-node';
import { CONFIG_MAPS, SECRETS, type Client } from '../controllers/client';
import type { Pod, Values, Wire } from '../controllers/wire';
import { expand } from './expansion';
import { containerFault } from './faults';
import { fieldValue } from './fields';

export type Container = Wire<V1Container>;
type EnvVar = Wire<V1EnvVar>;
type EnvFrom = Wire<V1EnvFromSource>;

export interface EnvironmentSources {
  readonly client: Client;
  readonly pod: Pod;
  /** Where Services of the namespace answer. */
  readonly services: Values;
}

export function resolveEnvironment(container: Container, sources: EnvironmentSources): Values {
  const env: Record<string, string> = { ...sources.services };
  for (const from of container.envFrom ?? []) Object.assign(env, valuesFrom(from, sources));
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, env, sources);
    if (value !== undefined) env[variable.name] = value;
  }
  return { HOSTNAME: sources.pod.metadata.name, ...env };
}

function valuesFrom({ prefix = '', configMapRef, secretRef }: EnvFrom, { client, pod }: EnvironmentSources): Values {
  const { namespace } = pod.metadata;
  const values =
    configMapRef === undefined
      ? secretValues(client, namespace, secretRef)
      : configMapValues(client, namespace, configMapRef);
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${key}`, value]));
}

interface Reference {
  readonly name?: string | undefined;
  readonly optional?: boolean | undefined;
}

function configMapValues(client: Client, namespace: string, { name = '', optional }: Reference): Values {
  const found = client.get(CONFIG_MAPS, namespace, name);
  if (found !== undefined) return found.data ?? {};
  if (optional === true) return {};
  throw containerFault('CreateContainerConfigError', `configmap "${name}" not found`);
}

function secretValues(client: Client, namespace: string, { name = '', optional }: Reference = {}): Values {
  const found = client.get(SECRETS, namespace, name);
  if (found !== undefined) return decoded(found.data);
  if (optional === true) return {};
  throw containerFault('CreateContainerConfigError', `secret "${name}" not found`);
}

function decoded(data: Values = {}): Values {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

function valueOf({ value, valueFrom }: EnvVar, env: Values, sources: EnvironmentSources): string | undefined {
  if (valueFrom === undefined) return expand(value ?? '', env);
  const { client, pod } = sources;
  const { namespace } = pod.metadata;
  const { configMapKeyRef, secretKeyRef, fieldRef } = valueFrom;
  if (configMapKeyRef !== undefined) {
    const values = configMapValues(client, namespace, configMapKeyRef);
    return keyed(values, configMapKeyRef, `ConfigMap ${namespace}/${configMapKeyRef.name}`);
  }
  if (secretKeyRef !== undefined) {
    const values = secretValues(client, namespace, secretKeyRef);
    return keyed(values, secretKeyRef, `Secret ${namespace}/${secretKeyRef.name}`);
  }
  if (fieldRef !== undefined) return fieldValue(pod, fieldRef.fieldPath);
  // Limits are not enforced here, so there is no amount to tell.
  throw containerFault('CreateContainerConfigError', 'resourceFieldRef is not supported by the embedded cluster');
}

function keyed(
  values: Values,
  { key, optional }: Reference & { readonly key: string },
  where: string,
): string | undefined {
  const value = values[key];
  if (value !== undefined || optional === true) return value;
  throw containerFault('CreateContainerConfigError', `couldn't find key ${key} in ${where}`);
}
