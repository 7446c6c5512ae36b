// Decisions reach nothing outside themselves: no files, no network, no clock modules, not even through what they import.
import { build } from 'esbuild';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const PURE_FILES = [
  ...['archive', 'claims', 'configFile', 'hint', 'identity', 'names', 'schema', 'usage', 'view', 'access/caller'].map(
    (name) => `functions/archive/${name}.ts`,
  ),
  ...[
    'operation/heldUp',
    'operation/mover',
    'operation/operation',
    'operation/outcome',
    'operation/plan',
    'policy/due',
    'policy/retention',
  ].map((name) => `functions/archive/${name}.ts`),
  ...['plan', 'proof', 'release'].map((name) => `functions/archive/release/${name}.ts`),
  ...['capture/pieces', 'capture/recordManifest', 'hint', 'jobs/endedAt', 'jobs/plan', 'jobs/policy', 'sets/plan'].map(
    (name) => `functions/reaper/${name}.ts`,
  ),
  ...['orphans/plan', 'services/plan', 'seen', 'tally', 'window'].map((name) => `functions/reaper/${name}.ts`),
  ...['outcome', 'reference', 'registry/challenge', 'registry/loginFile', 'tool/failure', 'tool/tools'].map(
    (name) => `bin/images/${name}.ts`,
  ),
  ...['buildArguments', 'buildOptions', 'contentTag', 'contextFile', 'dockerfile', 'image', 'litter', 'named'].map(
    (name) => `bin/images/definition/${name}.ts`,
  ),
  ...['api/answers', 'names', 'request', 'secretEnv', 'table'].map((name) => `bin/jobs/${name}.ts`),
  'bin/charts/plan.ts',
  ...['plan', 'progressBar', 'taskFile', 'wishes'].map((name) => `bin/jobs/tasks/${name}.ts`),
  ...['belongings', 'chosen', 'desired', 'events/history', 'state/trouble', 'view'].map(
    (name) => `functions/jobs/${name}.ts`,
  ),
  ...['change', 'expiry', 'reach'].map((name) => `functions/logs/${name}.ts`),
  ...['document', 'formats', 'levels', 'metrics', 'python', 'settings'].map((name) => `lib/logHandlers/${name}.ts`),
  ...['mailServer', 'rotation'].map((name) => `lib/logHandlers/worker/${name}.ts`),
  'lib/masked.ts',
  ...['configFile', 'delivery', 'message', 'signed', 'queue/scripts', 'queue/verdict'].map(
    (name) => `functions/intake/${name}.ts`,
  ),
  ...['values', 'view'].map((name) => `functions/intake/submissions/${name}.ts`),
  ...['configFile', 'desired', 'hostName', 'matching', 'reach', 'record', 'schema', 'view'].map(
    (name) => `functions/userjobs/${name}.ts`,
  ),
  ...['commands', 'fields', 'fieldValues', 'schema', 'sight'].map((name) => `functions/userjobs/slurm/${name}.ts`),
  ...['end/plan', 'restart/plan', 'ssh/arguments', 'ssh/failure', 'tunnel/backOff', 'tunnel/state'].map(
    (name) => `functions/userjobs/${name}.ts`,
  ),
  ...['desired', 'history'].map((name) => `functions/jobs/sets/${name}.ts`),
  'functions/stages/hint.ts',
  ...['failure', 'request', 'result', 'serve/token', 'target/paths'].map((name) => `mover/${name}.ts`),
  ...['jobSet', 'names', 'setObject', 'setState', 'stageState'].map((name) => `lib/jobSets/${name}.ts`),
  'dev/gateway/functionPath.ts',
  'functions/status/found.ts',
  'functions/status/hint.ts',
  'functions/status/hubAddress.ts',
  'functions/status/telling.ts',
  ...['features', 'finding', 'judge', 'report', 'rights', 'version'].map((name) => `bin/doctor/${name}.ts`),
  'bin/localClusters/plan.ts',
  ...['bill', 'changelog', 'commit'].map((name) => `dev/release/${name}.ts`),
  'lib/http/requestMetrics.ts',
  'lib/carried.ts',
  'lib/jobs/attempts.ts',
  'lib/jobs/jobState.ts',
  'lib/services/anchor.ts',
  'functions/services/configFile.ts',
  'functions/services/objects/desired.ts',
  ...['flavors', 'flavorSettings', 'pattern', 'schema', 'settings', 'view'].map(
    (name) => `functions/services/outpost/${name}.ts`,
  ),
  'functions/services/runtime.ts',
  'functions/services/seats/seat.ts',
  'lib/services/mainDeployment.ts',
  'lib/services/progress.ts',
  'lib/services/secretNames.ts',
  'functions/services/objects/pythonText.ts',
  'functions/services/schema.ts',
  'functions/services/objects/secrets.ts',
  'functions/services/state.ts',
  'functions/services/view.ts',
  'lib/glob.ts',
  'lib/html.ts',
  'lib/naming.ts',
  'lib/record.ts',
  'lib/manifests/ownership.ts',
  'lib/manifests/placeholders.ts',
  'lib/manifests/policy.ts',
  'lib/manifests/render.ts',
  'lib/manifests/template.ts',
  'lib/manifests/variants.ts',
  ...readdirSync(join(root, 'lib/status')).map((file) => `lib/status/${file}`),
];
/** Hashing is a computation; `yaml` and `zod` compute, too. */
const ALLOWED = new Set(['node:crypto', 'yaml', 'zod']);

test.each(PURE_FILES)('%s computes only', async (file) => {
  const { metafile } = await build({
    entryPoints: [join(root, file)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'cjs',
    external: ['yaml', 'zod'],
    logLevel: 'silent',
  });
  const outside = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  expect(outside.filter((path) => !ALLOWED.has(path))).toEqual([]);
});
