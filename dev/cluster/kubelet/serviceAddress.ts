// Where a Service answers on this machine, as the relay tells it in an annotation of the Service.
import { createClient, SERVICES, type Client } from '../controllers/client';
import type { Service, Values } from '../controllers/wire';
import type { Store } from '../store';

export const ADDRESS_ANNOTATION = 'embedded.hub-functions/address';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A port of the Service by its number or name. */
export function serviceAddress(
  store: Store,
  ...[namespace, name, port]: [namespace: string, name: string, port: number | string]
): Address | undefined {
  const service = createClient(store).get(SERVICES, namespace, name);
  const found = service?.spec.ports?.find((each) => each.port === Number(port) || each.name === port);
  if (service === undefined || found === undefined) return undefined;
  const [host = '', own = ''] = addresses(service)[String(found.port)]?.split(':') ?? [];
  return own === '' ? undefined : { host, port: Number(own) };
}

/** `{"8080": "127.0.0.1:45678"}` */
function addresses({ metadata }: Service): Values {
  try {
    return JSON.parse(metadata.annotations?.[ADDRESS_ANNOTATION] ?? '{}') as Values;
  } catch {
    return {}; // Somebody else wrote it; the relay will write it again.
  }
}

/** `HUB_SERVICE_HOST`, `HUB_SERVICE_PORT`: how Kubernetes tells containers about the Services of their namespace. */
export function serviceVariables(client: Client, namespace: string): Values {
  return Object.assign({}, ...client.list(SERVICES, namespace).map(variablesOf)) as Values;
}

function variablesOf(service: Service): Values {
  const prefix = service.metadata.name.toUpperCase().replaceAll('-', '_');
  const told = addresses(service);
  const variables: Record<string, string> = {};
  for (const { name, port } of service.spec.ports ?? []) {
    const [host, own] = told[String(port)]?.split(':') ?? [];
    if (host === undefined || own === undefined) continue;
    variables[`${prefix}_SERVICE_HOST`] ??= host;
    variables[`${prefix}_SERVICE_PORT`] ??= own;
    if (name !== undefined) variables[`${prefix}_SERVICE_PORT_${name.toUpperCase().replaceAll('-', '_')}`] = own;
  }
  return variables;
}
