// The checkout that hubfn runs from: what is installed is described by its files.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '../lib/errors';

const LANDMARK = 'rbac/kustomization.yaml';

/** The built program lies deeper than its source. */
export function checkoutRoot(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, LANDMARK))) return folder;
  }
  throw new AppError('no_checkout', 400, `hubfn must run from a checkout: there is no ${LANDMARK} above ${__dirname}`);
}
