// What it takes to look after services; the contexts of functions that do so have it.
import type { Kube } from '../kube/kube';
import type { Log } from '../log';
import type { ServiceSettings } from './configuration';

export interface ServiceContext {
  readonly kube: Kube;
  readonly settings: ServiceSettings;
  readonly clock: () => Date;
  readonly log: Log;
}
