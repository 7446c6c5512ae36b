// Bundles every function, the command line and the developer's platform into dist/, one CommonJS file each; `node build.mjs mover` the mover alone.
import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { callSites } from './dev/callSites.mjs';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  logLevel: 'warning',
};

/** For kubeconfig files, which no image has. */
const OUTSIDE = ['@kubernetes/client-node'];

/** A thread of its own, which most instances never start. */
const LOG_WORKER = 'lib/logHandlers/worker/logWorker.ts';

/** Functions travel alone in an image, without node_modules; only the client for kubeconfig files stays outside. */
async function buildFunction(name) {
  const folder = `dist/functions/${name}`;
  const packages = new Set();
  const options = { ...common, minifySyntax: true, minifyWhitespace: true, external: OUTSIDE };
  await build({
    ...options,
    entryPoints: programsOf(name),
    outdir: folder,
    sourcemap: 'linked',
    supported: { 'dynamic-import': false },
    define: { CALL_SITES: JSON.stringify(callSites(name)) },
    plugins: [lazyPackages(packages)],
  });
  await build({ ...options, entryPoints: [LOG_WORKER], outdir: `${folder}/packages` });
  const entryPoints = [...packages].map((path) => ({ in: path, out: path }));
  // keepNames: the runtime tells a CloudEvent by the name of its class.
  if (entryPoints.length > 0) await build({ ...options, keepNames: true, entryPoints, outdir: `${folder}/packages` });
}

/** Its own, and those of folders in it: what it starts elsewhere. */
function programsOf(name) {
  const folders = readdirSync(`functions/${name}`, { withFileTypes: true }).filter((each) => each.isDirectory());
  const files = folders.map((folder) => `functions/${name}/${folder.name}/index.ts`).filter((file) => existsSync(file));
  return [`functions/${name}/index.ts`, ...files];
}

/** A package that is imported on demand becomes a file of its own, so that a cold start need not even read it. */
function lazyPackages(found) {
  return {
    name: 'lazy-packages',
    setup({ onResolve }) {
      onResolve({ filter: /^[@a-z]/ }, ({ kind, path }) => {
        const isOurs = kind === 'dynamic-import' && !path.startsWith('node:') && !OUTSIDE.includes(path);
        if (!isOurs) return undefined;
        found.add(path);
        return { path: `./packages/${path}.js`, external: true };
      });
    },
  };
}

/** What runs from a checkout finds its packages there. */
async function buildProgram(entry) {
  const outfile = `dist/${entry.replace(/ts$/, 'js')}`;
  await build({ ...common, entryPoints: [entry], outfile, sourcemap: 'linked', packages: 'external' });
}

/** What runs in pods of its own, as an image without any function. */
async function buildMover() {
  const options = { minifySyntax: true, minifyWhitespace: true, sourcemap: 'linked' };
  await build({ ...common, ...options, entryPoints: ['mover/index.ts'], outfile: 'dist/mover/index.js' });
}

const PROGRAMS = [
  'bin/hubfn.ts',
  'dev/start.ts',
  'dev/images/assemble.ts',
  'dev/release/notes.ts',
  'dev/release/sbom.ts',
  'bench/run.ts',
];

async function buildAll() {
  await Promise.all([
    ...readdirSync('functions').map((name) => buildFunction(name)),
    buildMover(),
    ...PROGRAMS.filter((file) => existsSync(file)).map((file) => buildProgram(file)),
  ]);
}

rmSync('dist', { recursive: true, force: true });
// Its image is made of what it needs, not of the whole repository (applications/mover).
await (process.argv[2] === 'mover' ? buildMover() : buildAll());
