// Which description a start uses: the mapped credential's folder, as the caller and stage may see it, remembered for a second.
import {
  readDescription,
  type Description,
  type DescriptionName,
  type DescriptionSettings,
} from '../../../lib/manifests/description';
import type { Audience } from '../../../lib/manifests/variants';
import { rememberFor } from '../../../lib/remember';
import type { Settings } from '../settings';

export interface Wanted {
  readonly credential: string;
  readonly service: string;
}

export function descriptionSource(
  { file, stage }: Settings,
  { credential, service }: Wanted,
): [DescriptionSettings, DescriptionName, Audience] {
  const { descriptions, descriptions_ignore_files, skip, ...services } = file.services;
  const settings = {
    root: descriptions,
    serviceFile: services.yaml_filename,
    updateFile: services.yaml_filename_update,
    inputFolder: services.input_dir,
    ignore: descriptions_ignore_files,
    known: { stages: skip.stage, credentials: skip.credential },
  };
  return [settings, { folder: services.credential_mapping[credential] ?? credential, service }, { stage, credential }];
}

export type Describe = (wanted: Wanted) => Promise<Description>;

/** A burst of starts reads its description once; the kubelet updates mounted folders once a minute. */
const REMEMBERED_MS = 1_000;
const REMEMBERED = 100;

export function createDescriptions(settings: Settings): Describe {
  const remembered = new Map<string, () => Promise<Description>>();
  return async (wanted) => {
    const key = JSON.stringify([wanted.credential, wanted.service]);
    const known = remembered.get(key);
    if (known !== undefined) return known();
    if (remembered.size >= REMEMBERED) remembered.clear();
    const describe = rememberFor(REMEMBERED_MS, async () => readDescription(...descriptionSource(settings, wanted)));
    remembered.set(key, describe);
    return describe();
  };
}
