// Which object it is, and in which state it was read: what a patch is tied to. Pure.
import type { KubeObject } from '../../lib/kube/objects';

export interface Identity {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
}

export function identityOf({ metadata }: KubeObject): Identity {
  const { name = '', uid = '', resourceVersion = '' } = metadata ?? {};
  return { name, uid, resourceVersion };
}
