// Where the functions of a hub run: `npm start` on this machine, or Knative on the cluster of KUBECONFIG.
import type { Bench } from '../bench';

export interface Platform {
  /** Of the function `services`, as the sample configurations of hubs have it. */
  readonly url: string;
  /** What its hubs are told beside: HUB_... */
  readonly environment: Readonly<Record<string, string>>;
  /** Everything in the cluster that belongs to a server, `Secret/name`, but for the records of those that ended. */
  readonly contents: () => Promise<readonly string[]>;
  readonly close: () => Promise<void>;
}

export interface PlatformPlace {
  readonly startPlatform: (bench: Bench, wish: PlatformWish) => Promise<Platform>;
  /** Where pods find the hub on this machine. */
  readonly hubHost: string;
  /** Holds `jupyterhub_config.py` and `outpost_config.py`. */
  readonly hubConfigs: string;
}

export interface PlatformWish {
  /** Merged into config.json. */
  readonly settings: object;
}

export type HubOn = 'embedded' | 'knative';

declare global {
  // oxlint-disable-next-line no-var -- the form that declares a global
  var hubOn: HubOn;
}

/** As the jest project says; loads only the one that is asked for. */
export async function findPlatform(): Promise<PlatformPlace> {
  if (globalThis.hubOn === 'knative') return (await import('./knative')).knativePlace;
  return (await import('./embedded')).embeddedPlace;
}
