// Which description a start uses: the mapped credential's folder, as the caller and stage may see it.
import type { DescriptionName, DescriptionSettings } from '../../../lib/manifests/description';
import type { Audience } from '../../../lib/manifests/variants';
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
