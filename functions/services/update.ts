// Applies update.yaml of a running service's description; doing it twice comes to the same.
import { AppError } from '../../lib/errors';
import type { Call } from '../../lib/kube/kube';
import { readDescription } from '../../lib/manifests/description';
import type { Anchor } from '../../lib/services/anchor';
import type { Sought } from '../../lib/services/names';
import { findAnchors, ownerOf } from '../../lib/services/anchors';
import type { Context } from './context';
import { operationError } from './failure';
import { applyOne } from './objects/children';
import { descriptionSource } from './objects/descriptionSource';
import { updateObjects, wantsInput } from './objects/desired';

const SUMMARY = 'Could not update service.';

/** False when there is no such service. */
export async function updateService(context: Context, sought: Required<Sought>, call: Call): Promise<boolean> {
  const anchor = (await findAnchors(context, sought, call)).at(-1);
  if (anchor === undefined) return false;
  try {
    await applyUpdate(context, anchor, call);
    return true;
  } catch (error) {
    throw operationError(SUMMARY, error);
  }
}

async function applyUpdate({ kube, settings }: Context, anchor: Anchor, call: Call): Promise<void> {
  const { start, ending } = anchor;
  if (ending !== undefined) throw new AppError('service_ended', 409, `The service has ended: ${ending.message}`);
  const description = await readDescription(...descriptionSource(settings, start));
  const template = await description.update();
  if (template === undefined) throw noUpdate(start.service, settings.file.services.yaml_filename_update);
  const input = wantsInput(template, settings) ? await description.input() : '';
  const maker = { kube, owner: ownerOf(anchor, settings.namespace), call };
  for (const manifest of updateObjects({ template, subject: start, input }, settings)) await applyOne(maker, manifest);
}

function noUpdate(service: string, file: string): AppError {
  return new AppError('update_missing', 500, `The description of ${service} has no ${file}.`);
}
