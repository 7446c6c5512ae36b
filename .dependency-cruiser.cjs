// Who may import whom (ARCHITECTURE.md, "Layers"). Each rule says what it protects.
const pure = '(plan|desired|render|decide|diagnosis|naming|digest|placeholders)[.]ts$';

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'functions-are-islands',
      comment: 'a function never imports another one: each is its own image and role',
      severity: 'error',
      from: { path: '^functions/([^/]+)/' },
      to: { path: '^functions/', pathNot: '^functions/$1/' },
    },
    {
      name: 'lib-knows-no-function',
      severity: 'error',
      from: { path: '^lib/' },
      to: { path: '^(functions|bin|dev|test|bench)/' },
    },
    {
      name: 'nothing-imports-dev-or-test',
      comment: 'dev/ stands in for a platform, test/ and bench/ look from outside',
      severity: 'error',
      from: { path: '^(functions|lib|bin)/' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'one-door-to-kubernetes',
      severity: 'error',
      from: { path: '^(functions|lib|bin|dev)/', pathNot: '^lib/kube/' },
      to: { path: '@kubernetes/client-node', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'pure-files-stay-pure',
      comment: 'decisions import only pure files, types, zod and node:crypto',
      severity: 'error',
      from: { path: pure },
      to: { pathNot: `${pure}|^node:crypto$|^crypto$|node_modules/zod`, dependencyTypesNot: ['type-only'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
