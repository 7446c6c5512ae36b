// `npm run build:images`: one image for each function and for the mover, by whatever builder is there, and what kubectl needs to deploy them.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const USAGE = `usage: npm run build:images -- [options] [function | mover ...]

      --prefix NAME      first part of the images' names (default hub-functions): registry.example.org/hub-functions
      --tag TAG          (default: the version in package.json)
      --push             push what was built
      --builder PROGRAM  docker, podman or buildah (default: the first of them that works)
      --node IMAGE       image of Node.js to stand on (default: see Dockerfile)
      --cluster          without a builder, straight onto the node of the test cluster (../shared/cluster)

Writes dist/deploy/kustomization.yaml and dist/manifests/kustomization.yaml: deploy/knative and deploy/manifests with these images. Their files
have the time of the commit, or SOURCE_DATE_EPOCH: podman and buildah make the same image of the same checkout.
`;

const COMMAND = JSON.parse(/^CMD (\[.+\])$/m.exec(readFileSync('Dockerfile', 'utf8'))[1]);
const USER = '65532';
/** What is called besides Node, and Debian's packages of it. */
const PROGRAMS = {
  userjobs: { programs: ['ssh'], packages: ['openssh-client'] },
  // fallocate and touch are in every Debian, but not on the node of the test cluster.
  mover: { programs: ['restic', 'fallocate', 'touch'], packages: ['restic', 'ca-certificates'] },
};
/** Each with what it answers only where it can build, as `hubfn images` asks it: docker's own program is of no use without its daemon. */
const BUILDERS = {
  docker: ['version', '--format', '{{.Server.Version}}'],
  podman: ['--version'],
  buildah: ['--version'],
};
/** By content `hubfn images build mover` builds the same (docs/images.md). */
const MOVER = 'mover';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    prefix: { type: 'string' },
    tag: { type: 'string', default: process.env.npm_package_version ?? '0' },
    push: { type: 'boolean', default: false },
    builder: { type: 'string' },
    node: { type: 'string' },
    cluster: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const all = [...readdirSync('functions'), MOVER];
const chosen = positionals.length > 0 ? positionals : all;
const prefix = values.prefix ?? (values.cluster ? 'dev.local/hub-functions' : 'hub-functions');
const imageOf = (name) => `${prefix}-${name}:${values.tag}`;
const run = (program, ...args) => execFileSync(program, args, { stdio: 'inherit' });

function buildWith(builder) {
  const command = {
    docker: ['build'],
    podman: ['build', '--timestamp', epoch()],
    buildah: ['build', '--layers', '--timestamp', epoch()],
  }[builder] ?? ['build'];
  const node = values.node === undefined ? [] : ['--build-arg', `NODE=${values.node}`];
  for (const name of chosen) {
    const program =
      name === MOVER || PROGRAMS[name] === undefined
        ? []
        : ['--build-arg', `PACKAGES=${PROGRAMS[name].packages.join(' ')}`];
    const file = name === MOVER ? ['--file', 'applications/mover/Dockerfile'] : ['--build-arg', `FUNCTION=${name}`];
    run(builder, ...command, ...node, ...program, ...file, '--tag', imageOf(name), '.');
    if (values.push) run(builder, 'push', imageOf(name));
  }
}

/** https://reproducible-builds.org/docs/source-date-epoch/ */
function epoch() {
  if (process.env.SOURCE_DATE_EPOCH !== undefined) return process.env.SOURCE_DATE_EPOCH;
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : '0';
}

function findBuilder() {
  const names = Object.keys(BUILDERS);
  const found = names.find((name) => spawnSync(name, BUILDERS[name]).status === 0);
  if (found !== undefined) return found;
  throw new Error(`none of ${names.join(', ')} works here; --cluster needs none, for the test cluster only`);
}

/** The cluster's own Node is a copy of this machine's, so code that is compiled here fits there. */
function buildOnCluster() {
  const {
    CLUSTER_SCRIPT = '../shared/cluster/cluster',
    CLUSTER_RUN = '/var/tmp/real-cluster',
    CLUSTER_CACHE = join(homedir(), '.cache/real-cluster'),
  } = process.env;
  run('npm', 'run', '--silent', 'build');
  run(process.execPath, 'dist/dev/images/assemble.js');
  for (const name of chosen) {
    const root = resolve('dist/rootfs');
    rmSync(root, { recursive: true, force: true });
    cpSync(join(CLUSTER_RUN, 'rootfs-node'), root, { recursive: true, verbatimSymlinks: true });
    cpSync(`dist/images/${name}`, join(root, 'function'), { recursive: true });
    if (PROGRAMS[name] !== undefined) copyPrograms(PROGRAMS[name], root);
    const env = { ...process.env, CLUSTER_RUN, CLUSTER_CACHE, IMAGE_USER: USER, IMAGE_ENV: 'NODE_ENV=production' };
    execFileSync(CLUSTER_SCRIPT, ['image', imageOf(name), root, ...COMMAND], { stdio: 'inherit', env });
    rmSync(root, { recursive: true });
  }
}

/** This machine's own, with their libraries; and the user that ssh wants to be somebody. */
function copyPrograms({ programs, packages }, root) {
  for (const program of programs) {
    const path = spawnSync('which', [program], { encoding: 'utf8' }).stdout.trim();
    if (path === '') throw new Error(`${program} is not installed: apt-get install ${packages.join(' ')}`);
    // What is linked statically has none, and ldd says so by failing.
    const libraries = spawnSync('ldd', [path], { encoding: 'utf8' }).stdout.match(/\/\S+/g) ?? [];
    for (const file of [path, ...libraries.filter((each) => existsSync(each))]) {
      cpSync(file, join(root, file), { dereference: true });
    }
  }
  writeFileSync(join(root, 'etc/passwd'), 'nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n');
}

/** What differs between installations is the place of their images; everything else is in deploy/. */
function writeOverlays() {
  const images = all.map(
    (name) => `  - name: hub-functions-${name}\n    newName: ${prefix}-${name}\n    newTag: '${values.tag}'`,
  );
  const lines = ['apiVersion: kustomize.config.k8s.io/v1beta1', 'kind: Kustomization'];
  for (const [folder, base] of Object.entries({ deploy: 'knative', manifests: 'manifests' })) {
    mkdirSync(`dist/${folder}`, { recursive: true });
    const overlay = [...lines, `resources: [../../deploy/${base}]`, 'images:', ...images];
    writeFileSync(`dist/${folder}/kustomization.yaml`, `${overlay.join('\n')}\n`);
  }
}

function main() {
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const unknown = chosen.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new Error(`there is no image ${unknown}`);
  if (values.cluster) buildOnCluster();
  else buildWith(values.builder ?? findBuilder());
  writeOverlays();
  for (const name of chosen) console.log(imageOf(name));
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
