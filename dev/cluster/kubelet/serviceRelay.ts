// kube-proxy's part: each port of a Service listens on this machine and passes connections on to the ready pods.
import { ENDPOINTS, SERVICES, type Client } from '../controllers/client';
import type { Service } from '../controllers/wire';
import { ADDRESS_ANNOTATION, type Address } from './serviceAddress';
import { openRelay, type Relay } from './tcpRelay';

export { serviceAddress } from './serviceAddress';

export interface ServiceRelay {
  /** Looks at a Service again: listens for new ports, forgets old ones, tells the addresses. */
  readonly sync: (service: Service) => void;
  readonly forget: (service: Service) => void;
  readonly stop: () => Promise<void>;
}

/** Service port → what listens for it; a listener keeps its port for the life of the Service. */
type Relays = Map<number, Relay>;

export function startServiceRelay(client: Client): ServiceRelay {
  const byService = new Map<string, Relays>();
  const closing = new Set<Promise<void>>();
  const close = (relay: Relay): void => {
    const closed = relay.close().finally(() => closing.delete(closed));
    closing.add(closed);
  };
  const forget = ({ metadata }: Pick<Service, 'metadata'>): void => {
    byService.get(metadata.uid)?.forEach(close);
    byService.delete(metadata.uid);
  };

  return {
    forget,
    sync: (service) => {
      const relays: Relays = byService.get(service.metadata.uid) ?? new Map();
      byService.set(service.metadata.uid, relays);
      const wanted = relayedPorts(service);
      for (const [port, relay] of relays) {
        if (wanted.includes(port)) continue;
        relays.delete(port);
        close(relay);
      }
      for (const port of wanted.filter((each) => !relays.has(each))) {
        const target = createRoundRobin(() => readyAddresses(client, service, port));
        relays.set(
          port,
          openRelay(target, () => tellAddresses(client, service, relays)),
        );
      }
      tellAddresses(client, service, relays);
    },
    stop: async () => {
      for (const relays of byService.values()) relays.forEach(close);
      byService.clear();
      await Promise.all(closing);
    },
  };
}

function relayedPorts({ spec }: Service): readonly number[] {
  return spec.type === 'ExternalName' ? [] : (spec.ports ?? []).map(({ port }) => port);
}

/** As Endpoints list them, whoever wrote those. */
function readyAddresses(client: Client, { metadata }: Service, port: number): readonly Address[] {
  const { namespace, name } = metadata;
  const service = client.get(SERVICES, namespace, name);
  const portName = service?.spec.ports?.find((each) => each.port === port)?.name;
  return (client.get(ENDPOINTS, namespace, name)?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) => {
    const target = ports.find((each) => each.name === portName);
    return target === undefined ? [] : addresses.map(({ ip }) => ({ host: ip, port: target.port }));
  });
}

function createRoundRobin(choose: () => readonly Address[]): () => Address | undefined {
  let turn = 0;
  return () => {
    const addresses = choose();
    turn += 1;
    return addresses[turn % addresses.length];
  };
}

function tellAddresses(client: Client, service: Service, relays: Relays): void {
  const known = [...relays].flatMap(([port, relay]) => {
    const own = relay.port();
    return own === undefined ? [] : [[String(port), `127.0.0.1:${own}`] as const];
  });
  if (known.length < relays.size || relays.size === 0) return;
  const text = JSON.stringify(Object.fromEntries(known));
  client.modify(SERVICES, service, (latest) => ({
    ...latest,
    metadata: { ...latest.metadata, annotations: { ...latest.metadata.annotations, [ADDRESS_ANNOTATION]: text } },
  }));
}
