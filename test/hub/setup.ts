// Once before the files of a hub's project: what takes minutes on a new machine, so that no case waits for it.
import { dirname } from 'node:path';
import { provideImage } from './image';
import type { HubOn } from './platforms/platform';
import { provideVenv } from './venv';

interface Project {
  readonly globals: { readonly hubOn?: HubOn };
}

// oxlint-disable-next-line import/no-default-export -- the form that jest asks for
export default async function setUp(_: unknown, { globals }: Project): Promise<void> {
  const programs = await provideVenv();
  if (globals.hubOn === 'knative') await provideImage(dirname(programs));
}
