// Bundles every function, the command line and the developer's platform into dist/, one CommonJS file each.
import { build } from 'esbuild';
import { existsSync, readdirSync, rmSync } from 'node:fs';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  keepNames: true,
  sourcemap: 'linked',
  logLevel: 'warning',
};

/** Functions travel alone in an image, without node_modules; only the client for kubeconfig files stays outside. */
const functions = readdirSync('functions').map((name) => ({
  ...common,
  entryPoints: [`functions/${name}/index.ts`],
  outfile: `dist/functions/${name}/index.js`,
  minifySyntax: true,
  minifyWhitespace: true,
  external: ['@kubernetes/client-node'],
}));

/** What runs from a checkout finds its packages there. */
const programs = ['bin/hubfn.ts', 'dev/start.ts', 'bench/run.ts']
  .filter((file) => existsSync(file))
  .map((file) => ({
    ...common,
    entryPoints: [file],
    outfile: `dist/${file.replace(/ts$/, 'js')}`,
    packages: 'external',
  }));

rmSync('dist', { recursive: true, force: true });
await Promise.all([...functions, ...programs].map((options) => build(options)));
