// The operator's list of tunnels, from config.json.
import { existsSync } from 'node:fs';
import * as z from 'zod';
import { readJsonFile } from '../../../lib/config/file';
import { loadConfig } from '../../../lib/config/load';
import { tunnelKey, type Tunnel } from '../../../lib/config/tunnels';

/** The file is shared with other functions: their keys are theirs to check. */
const fileSchema = z.object({ tunnel: tunnelKey });

export function readTunnels(path: string | undefined): readonly Tunnel[] {
  const file = path !== undefined && existsSync(path) ? readJsonFile(path) : {};
  return loadConfig(fileSchema, file, 'config.json').tunnel;
}
