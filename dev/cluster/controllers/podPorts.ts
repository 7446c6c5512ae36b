// The annotation by which the kubelet tells the ports that a pod really listens on.
import type { Pod } from './wire';

export const PORTS_ANNOTATION = 'embedded.hub-functions/ports';

/** containerPort → port on this machine. */
export function podPorts({ metadata }: Pod): Readonly<Record<number, number>> {
  try {
    return JSON.parse(metadata.annotations?.[PORTS_ANNOTATION] ?? '{}') as Record<number, number>;
  } catch {
    return {}; // Somebody else wrote it; the kubelet will write it again.
  }
}
