// Who may import whom (ARCHITECTURE.md, "Layers"). Cycles and the one door to Kubernetes are oxlint's rules: it knows type imports.
module.exports = {
  forbidden: [
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
      to: { path: '^(functions|mover|bin|dev|test|bench)/' },
    },
    {
      name: 'nothing-imports-dev-or-test',
      comment: 'dev/ stands in for a platform, test/ and bench/ look from outside',
      severity: 'error',
      from: { path: '^(functions|mover|lib|bin)/' },
      to: { path: '^(dev|test|bench)/' },
    },
    {
      name: 'mover-is-an-island',
      comment: 'it runs in pods of its own, without any right in the cluster',
      severity: 'error',
      from: { path: '^mover/' },
      to: { path: '^(functions|bin|lib/kube)/' },
    },
    {
      name: 'nobody-imports-the-mover',
      comment: 'the two sides share a request and a result, told in mover/README.md',
      severity: 'error',
      from: { path: '^(functions|lib|bin|dev)/' },
      to: { path: '^mover/' },
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
