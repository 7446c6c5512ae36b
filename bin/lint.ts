// `hubfn lint`: renders every service description as a start would, and tells what a start would refuse.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { desiredObjects, updateObjects } from '../functions/services/objects/desired';
import { descriptionSource } from '../functions/services/objects/descriptionSource';
import { readConfigFile, type Settings } from '../functions/services/settings';
import { AppError } from '../lib/errors';
import { readDescription } from '../lib/manifests/description';
import { usageError, type Command, type Terminal } from './command';

export const lint: Command = {
  name: 'lint',
  summary: 'check service descriptions before anything runs',
  usage: `[FOLDER] [options]
  FOLDER            holds <credential>/<service>/service.yaml; services.descriptions of the config.json when absent
  --config FILE     the config.json that the functions run with
  --stage NAME      as if STAGE were set to it
  --namespace NAME  where services are started; default`,
  run: runLint,
};

interface Found {
  readonly credential: string;
  readonly service: string;
}

async function runLint(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      config: { type: 'string' },
      stage: { type: 'string' },
      namespace: { type: 'string', default: 'default' },
    },
  });
  if (positionals.length > 1) throw usageError('give one folder of descriptions');
  const { file, warnings } = readConfigFile(values.config);
  for (const warning of values.config === undefined ? [] : warnings) terminal.write(`warning: ${warning}\n`);
  const root = positionals[0] ?? file.services.descriptions;
  const services = { ...file.services, descriptions: root };
  const settings = {
    file: { ...file, services },
    stage: values.stage,
    deploymentName: 'k8smgr',
    namespace: values.namespace,
  };
  const found = await findDescriptions(root);
  const faults = await Promise.all(found.map(async (description) => faultOf(settings, description)));
  for (const [index, { credential, service }] of found.entries()) {
    terminal.write(`${credential}/${service}: ${faults[index] ?? 'ok'}\n`);
  }
  const broken = faults.filter((fault) => fault !== undefined).length;
  if (broken > 0)
    throw new AppError('descriptions_broken', 400, `${broken} of ${found.length} descriptions cannot be started`);
}

async function findDescriptions(root: string): Promise<readonly Found[]> {
  const credentials = await foldersIn(root);
  const found = await Promise.all(
    credentials.map(async (credential) => {
      return (await foldersIn(join(root, credential))).map((service) => ({ credential, service }));
    }),
  );
  if (found.flat().length === 0) throw usageError(`there is no <credential>/<service> folder in ${root}`);
  return found.flat();
}

/** Folders of a mounted ConfigMap are links, and its own begin with two dots. */
async function foldersIn(path: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    return entries.filter((entry) => !entry.isFile() && !entry.name.startsWith('.')).map(({ name }) => name);
  } catch (error) {
    throw usageError(`${path} cannot be read as a folder of descriptions: ${(error as Error).message}`);
  }
}

/** What a start of this description by its own credential would say; the user is made up. */
async function faultOf(settings: Settings, { credential, service }: Found): Promise<string | undefined> {
  const subject = { credential, servername: 'lint', startId: '00000000', userId: 1, userName: 'lint' };
  const { credential_mapping: _, ...services } = settings.file.services;
  const unmapped = { ...settings, file: { ...settings.file, services: { ...services, credential_mapping: {} } } };
  try {
    const description = await readDescription(...descriptionSource(unmapped, { credential, service }));
    const input = await description.input();
    desiredObjects({ template: description.service, subject, input }, settings);
    const update = await description.update();
    if (update) updateObjects({ template: update, subject, input }, settings);
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.message : `unexpected: ${String(error)}`;
  }
}
