// The Deployment that a service stands or falls with; where it exists, the start is complete.
import { serviceId, type Identity } from '../anchors/anchor';
import type { Settings } from '../settings';

export function mainDeploymentName(identity: Pick<Identity, 'servername' | 'startId'>, { file }: Settings): string {
  return file.services.deployment_main_name_prefix + serviceId(identity);
}
