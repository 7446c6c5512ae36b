// `npm run build:chart`: what follows from elsewhere. The version of chart and stack.yml is that of package.json; deploy/manifests is what
// the chart renders.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync, rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';

const USAGE = `usage: npm run build:chart -- [options]

      --helm PROGRAM  (default helm)
      --check         write nothing; fail when something is stale
`;

const CHART = 'charts/hub-functions';
const STACK = 'stack.yml';
const MANIFESTS = 'deploy/manifests';
const HEADER = '# Made by `npm run build:chart` of charts/hub-functions: changes belong there.\n';
/** A helm that `go install` has built takes Kubernetes for older than any that the chart runs on. */
const KUBERNETES = ['--kube-version', 'v1.34.0'];
/** Of helm, and without a meaning for kubectl. */
const HELMS_OWN = /^(app\.kubernetes\.io\/managed-by|helm\.sh\/.*)$/;
/** What movers run is told by a variable, as deploy/knative/references.yaml has it for Knative. */
const REFERENCES = {
  images: [{ path: 'spec/template/spec/containers/env/value', group: 'apps', kind: 'Deployment' }],
};

const { values } = parseArgs({
  options: {
    helm: { type: 'string', default: 'helm' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

function wantedFiles() {
  const chart = join(CHART, 'Chart.yaml');
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    [chart]: readFileSync(chart, 'utf8').replace(/^(version|appVersion): .*$/gm, `$1: ${version}`),
    [STACK]: readFileSync(STACK, 'utf8').replaceAll(/(HUB_FUNCTIONS_TAG:-)[^}]+/g, `$1${version}`),
    ...manifests(),
  };
}

/** A file for each function, and one for what is everybody's. */
function manifests() {
  const rendered = execFileSync(
    values.helm,
    ['template', 'hub-functions', CHART, '--set', 'platform=deployment', '--skip-tests', ...KUBERNETES],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const objects = parseAllDocuments(rendered)
    .map((document) => document.toJS())
    .filter((object) => object !== null)
    .map(withoutHelm);
  const files = {};
  for (const object of objects) {
    const name = `${object.metadata.labels['app.kubernetes.io/component'] ?? 'files'}.yaml`;
    files[name] = [...(files[name] ?? []), object];
  }
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: Object.keys(files).toSorted(),
    configurations: ['references.yaml'],
  };
  const texts = Object.entries(files).map(([name, all]) => [name, all.map(toYaml).join('---\n')]);
  const others = { 'kustomization.yaml': toYaml(kustomization), 'references.yaml': toYaml(REFERENCES) };
  const all = Object.entries({ ...Object.fromEntries(texts), ...others });
  return Object.fromEntries(all.map(([name, text]) => [join(MANIFESTS, name), HEADER + text]));
}

function withoutHelm(object) {
  const { labels, annotations = {} } = object.metadata;
  for (const named of [labels, annotations]) {
    for (const name of Object.keys(named)) if (HELMS_OWN.test(name)) delete named[name];
  }
  if (Object.keys(annotations).length === 0) delete object.metadata.annotations;
  return object;
}

function toYaml(value) {
  return stringify(value, { lineWidth: 0, singleQuote: true });
}

function present(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function main() {
  if (values.help) return process.stdout.write(USAGE);
  const wanted = wantedFiles();
  const there = existsSync(MANIFESTS) ? readdirSync(MANIFESTS).map((name) => join(MANIFESTS, name)) : [];
  const leftOver = there.filter((file) => file.endsWith('.yaml') && wanted[file] === undefined);
  const stale = [...Object.keys(wanted).filter((file) => present(file) !== wanted[file]), ...leftOver];
  if (!values.check) {
    mkdirSync(MANIFESTS, { recursive: true });
    for (const file of leftOver) rmSync(file);
    for (const [file, text] of Object.entries(wanted)) writeFileSync(file, text);
    return undefined;
  }
  if (stale.length > 0) throw new Error(`stale: ${stale.join(', ')}\nnpm run build:chart`);
  return undefined;
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
