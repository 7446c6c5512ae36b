// The names of a start's Secrets: known to the function that makes them and to the one that reads a hub's address there.
import { hashedLabel, MAX_LABEL_LENGTH } from '../naming';

export interface SecretNames {
  readonly environment: string;
  readonly certificates: string;
}

/** `secret-<id>-<deployment>`; a name too long for Kubernetes ends in a hash instead of being cut. */
export function secretNames(id: string, deploymentName: string): SecretNames {
  return {
    environment: bounded(`secret-${id}-${deploymentName}`),
    certificates: bounded(`secret-certs-${id}-${deploymentName}`),
  };
}

function bounded(name: string): string {
  return name.length <= MAX_LABEL_LENGTH ? name : hashedLabel(name, [name]);
}
