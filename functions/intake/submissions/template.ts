// The job set of a submission, as the operator describes it: parsed first and filled afterwards, so that no value adds a key.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ConfigError } from '../../../lib/config/load';
import { renderManifests } from '../../../lib/manifests/render';
import { listMounted } from '../../../lib/mountedFiles';
import { submissionValues, type Template, type Values } from './values';

export interface TemplateSource {
  /** Holds `set.yaml`; `<setup.js>` in it is the text of the file of that name. */
  readonly folder: string;
  /** The operator's own placeholders. */
  readonly values: Values;
  /** By name, `<secret.NAME>`; only for `secretEnv`. */
  readonly secrets: Values;
}

const SET = 'set.yaml';

export async function readTemplate({ folder, values, secrets }: TemplateSource): Promise<Template> {
  const found = await listMounted(dirname(folder), [basename(folder)], (name) => !name.startsWith('.'));
  if (!found.has(SET)) throw new ConfigError(`there is no ${SET} in ${folder}`);
  const texts = await Promise.all(
    [...found].map(async ([name, source]) => [name, await readFile(source, 'utf8')] as const),
  );
  const { [SET]: text = '', ...files } = Object.fromEntries(texts);
  const fillWith = (own: Values, secret: Values): ReturnType<Template> => {
    const named = Object.fromEntries(Object.entries(secret).map(([name, value]) => [`secret.${name}`, value]));
    const step = { values: { ...values, ...files, ...named, ...own }, typed: false };
    const substitution = { indicators: ['<', '>'] as const, steps: [step] };
    return onlyOne(renderManifests({ file: SET, text }, substitution));
  };
  checkPlaces(fillWith, Object.keys(secrets));
  return (own) => fillWith(own, secrets);
}

/** What users send would be read by a shell elsewhere, or as the name of something. */
const OF_USERS = /^stages\.\d+\.(env\.\w+|claims\.\d+\.name)$|^labels\.[^.]+$/;
const OF_SECRETS = /^stages\.\d+\.secretEnv\.\w+$/;

/** Filled with marks, which are looked for, keys included. */
function checkPlaces(fillWith: (own: Values, secret: Values) => unknown, secretNames: readonly string[]): void {
  const [users, secret] = [randomUUID(), randomUUID()];
  const submission = { assignment: users, path: users, sha256: users, sha1: users };
  const own = submissionValues({ submission, user: users, id: users });
  const filled = fillWith(own, Object.fromEntries(secretNames.map((name) => [name, secret])));
  for (const { path, text } of textsIn(filled)) {
    const all = `${path} ${text}`;
    if (all.includes(users) && !OF_USERS.test(path)) throw misplaced(path, 'what users send');
    if (all.includes(secret) && !OF_SECRETS.test(path)) throw misplaced(path, 'a secret');
  }
}

function misplaced(path: string, what: string): ConfigError {
  return new ConfigError(`${SET}, ${path}: ${what} may not stand here`);
}

interface Text {
  readonly path: string;
  readonly text: string;
}

function textsIn(value: unknown, path: readonly string[] = []): readonly Text[] {
  if (typeof value === 'string') return [{ path: path.join('.'), text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}

function onlyOne(rendered: ReturnType<typeof renderManifests>): Readonly<Record<string, unknown>> {
  const [first, ...others] = rendered;
  if (first !== undefined && others.length === 0) return first.manifest;
  throw new ConfigError(`${SET} holds ${rendered.length} documents, and not one`);
}
