// The Deployment that a service stands or falls with; where it exists, the start is complete.
import { serviceId, type Identity } from './names';
import type { ServiceSettings } from './configuration';

export function mainDeploymentName(
  identity: Pick<Identity, 'servername' | 'startId'>,
  { file }: ServiceSettings,
): string {
  return file.services.deployment_main_name_prefix + serviceId(identity);
}
