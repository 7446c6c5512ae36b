// `node deploy/openfaas/secrets.mjs [options] | kubectl apply -f -`
// The Secrets that stack.yml names, as one list: OpenFaaS mounts their keys as files side by side in /var/openfaas/secrets, so a slash in
// the path of a description is written as two underscores. Those for logins and keys come without content: what they hold is kept.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `usage: node deploy/openfaas/secrets.mjs [options] | kubectl apply -f -

      --config FILE          (default descriptions/config.json)
      --descriptions FOLDER  (default descriptions)
      --namespace NAME       of the functions (default openfaas-fn)
`;
const SLASH = '__';
const KEY = /^[-._a-zA-Z0-9]{1,253}$/;
/** Of all that an object of Kubernetes holds. */
const MOST_BYTES = 1024 * 1024;
/** Beside the descriptions there are files that are none. */
const NO_DESCRIPTIONS = new Set(['README.md', 'config.json', 'kustomization.yaml']);

function secret(name, namespace, files = new Map()) {
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  if (size > MOST_BYTES) throw new Error(`${name} would hold ${size} bytes, and a Secret holds ${MOST_BYTES} at most`);
  const data = Object.fromEntries([...files].map(([key, bytes]) => [key, bytes.toString('base64')]));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `hub-functions-${name}`, namespace },
    type: 'Opaque',
    ...(files.size > 0 && { data }),
  };
}

function descriptionFiles(folder) {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length))
    .filter((path) => !NO_DESCRIPTIONS.has(path))
    .sort();
  return new Map(paths.map((path) => [keyOf(path), readFileSync(join(folder, path))]));
}

function keyOf(path) {
  if (path.includes(SLASH))
    throw new Error(`${path}: two underscores in a row stand for a slash, so no name may have them`);
  const key = path.split(sep).join(SLASH);
  if (!KEY.test(key)) throw new Error(`${path}: a name takes letters, digits, dots, dashes and underscores only`);
  return key;
}

function main() {
  const { values } = parseArgs({
    options: {
      config: { type: 'string', default: 'descriptions/config.json' },
      descriptions: { type: 'string', default: 'descriptions' },
      namespace: { type: 'string', default: 'openfaas-fn' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const { namespace } = values;
  const config = readFileSync(values.config);
  try {
    JSON.parse(config.toString('utf8'));
  } catch (error) {
    throw new Error(`${values.config} is not valid JSON: ${error.message}`, { cause: error });
  }
  const items = [
    secret('config', namespace, new Map([['config.json', config]])),
    secret('descriptions', namespace, descriptionFiles(values.descriptions)),
    ...['credentials', 'intake', 'ssh'].map((name) => secret(name, namespace)),
  ];
  process.stdout.write(`${JSON.stringify({ apiVersion: 'v1', kind: 'List', items }, undefined, 2)}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
