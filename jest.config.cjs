// One project per layer of tests (ARCHITECTURE.md, "Tests"); `npm test` runs the first two.
const project = (name, folders, extra = {}) => ({
  displayName: name,
  roots: folders.map((folder) => `<rootDir>/test/${folder}`),
  testMatch: ['**/*.test.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  ...extra,
});

const ARCHIVE = '/test/contract/archive/';
/** A real cluster on two cores does what belongs to other files beside. */
const ON_CLUSTER = { patienceSeconds: 60 };
const HUB_SETUP = '<rootDir>/test/hub/setup.ts';

module.exports = {
  // The tests mostly wait: jest's default of one worker on two cores would double their time.
  maxWorkers: 2,
  projects: [
    project('unit', ['functions', 'lib', 'dev', 'bin', 'repository']),
    project('contract', ['contract'], {
      globals: { contractOn: 'embedded' },
      testPathIgnorePatterns: ['/node_modules/', ARCHIVE],
    }),
    // Movers run Debian's restic, as root: what they keep is of every owner.
    project('archive', ['contract/archive'], {
      globals: { contractOn: 'embedded' },
      // Needs a second node.
      testPathIgnorePatterns: ['/node_modules/', `${ARCHIVE}cluster/`],
    }),
    project('archive-cluster', ['contract/archive'], {
      globals: { ...ON_CLUSTER, contractOn: 'kubeconfig' },
      testPathIgnorePatterns: ['/node_modules/', '/test/contract/archive/embedded/'],
    }),
    project('cluster', ['contract', 'cluster'], {
      globals: { ...ON_CLUSTER, contractOn: 'kubeconfig' },
      // Needs faults that only the embedded cluster can make.
      testPathIgnorePatterns: ['/node_modules/', '/test/contract/embedded/', ARCHIVE],
    }),
    project('knative', ['contract', 'knative'], {
      globals: { ...ON_CLUSTER, contractOn: 'knative' },
      // Homes in a mounted folder need a function that is root, as images are not; the others ask past any ingress.
      testPathIgnorePatterns: ['/node_modules/', '/test/contract/(embedded|direct)/', '/test/contract/homes', ARCHIVE],
    }),
    // With helm 3 and helm 4, from their Go modules, and kubectl.
    project('chart', ['chart'], { testPathIgnorePatterns: ['/node_modules/', '/test/chart/cluster/'] }),
    project('chart-cluster', ['chart/cluster'], { globals: ON_CLUSTER }),
    // Needs Debian's rsyslog.
    project('receivers', ['receivers'], { globals: { contractOn: 'embedded' } }),
    // With Debian's restic, and a real S3 server, as root.
    project('mover', ['mover']),
    // With a real buildah and a real registry (Debian's buildah and docker-registry), as root.
    project('images', ['images']),
    // Two checkouts, and Debian's buildah, as root.
    project('reproducible', ['reproducible']),
    // With a real Redis (Debian's redis-server).
    project('intake', ['intake'], { globals: { contractOn: 'embedded' } }),
    // The functions of stack.yml behind OpenFaaS' gateway, as far as one can play it.
    project('openfaas', ['openfaas'], { globals: { contractOn: 'embedded' } }),
    // With a real faas-cli (its Go module).
    project('faas-cli', ['faasCli']),
    // Each with a real sshd and Slurm of this machine (Debian's packages), as root.
    project('userjobs', ['userjobs'], {
      globals: { contractOn: 'embedded' },
      // Needs a second node, that can die.
      testPathIgnorePatterns: ['/node_modules/', '/test/userjobs/cluster/'],
    }),
    project('userjobs-cluster', ['userjobs'], { globals: { ...ON_CLUSTER, contractOn: 'kubeconfig' } }),
    project('hub', ['hub'], { globals: { hubOn: 'embedded' }, globalSetup: HUB_SETUP }),
    project('hub-knative', ['hub'], {
      globals: { ...ON_CLUSTER, hubOn: 'knative' },
      globalSetup: HUB_SETUP,
      // Their functions are processes beside the hub, wherever the others are.
      testPathIgnorePatterns: ['/node_modules/', '/test/hub/(archives|submissions)'],
    }),
  ],
  testTimeout: 30_000,
};
