// stack.yml in the hands of the real faas-cli: what it generates, and what it would build each image of.
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { parseAllDocuments } from 'yaml';
import { readStack, type Variables } from '../support/openfaas/stack';

const run = promisify(execFile);
const program = process.env['FAAS_CLI'] ?? 'faas-cli';
const stack = readStack();
const names = Object.keys(stack.functions);

let folder: string;

/** A copy of what is needed: it builds in the folder that it is called in. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-faas-cli-'));
  for (const path of ['stack.yml', 'template', ...stack.configuration.copy]) {
    cpSync(resolve(path), join(folder, path), { recursive: true });
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function faasCli(args: readonly string[], variables: Variables = {}): Promise<string> {
  const { PATH = '' } = process.env;
  // No gateway and no proxy: nothing here may need the network.
  const env = { PATH, HOME: folder, https_proxy: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9', ...variables };
  const { stdout } = await run(program, [...args], { cwd: folder, env, timeout: 50_000 });
  return stdout;
}

interface Generated {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

async function generate(variables: Variables = {}): Promise<readonly Generated[]> {
  const text = await faasCli(['generate', '--yaml', 'stack.yml', '--namespace', 'openfaas-fn'], variables);
  return parseAllDocuments(text)
    .map((document) => document.toJS() as Generated)
    .filter((made) => made !== null);
}

const CHOSEN = {
  HUB_FUNCTIONS_PREFIX: 'docker.io/me/hub',
  HUB_FUNCTIONS_TAG: '9',
  HUB_FUNCTIONS_SCALE_TO_ZERO: 'true',
};

test.each<[string, Variables]>([
  ['without any variable', {}],
  ['with other images and scale to zero', CHOSEN],
])('%s it generates what this project reads in stack.yml', async (_what, variables) => {
  const { functions } = readStack(variables);
  const generated = await generate(variables);
  expect(generated.map(({ metadata }) => metadata.name)).toEqual(names);
  for (const { apiVersion, kind, metadata, spec } of generated) {
    expect([apiVersion, kind, metadata.namespace]).toEqual(['openfaas.com/v1', 'Function', 'openfaas-fn']);
    const {
      lang: _lang,
      handler: _handler,
      build_args: _args,
      readonly_root_filesystem: isReadOnly,
      ...rest
    } = functions[metadata.name] ?? {};
    expect(spec).toMatchObject({ ...rest, name: metadata.name, readOnlyRootFilesystem: isReadOnly });
  }
});

test('a misspelt provider is refused', async () => {
  await expect(faasCli(['generate', '--yaml', 'package.json'])).rejects.toMatchObject({
    stdout: expect.stringContaining('provider.name'),
  });
});

describe('build --shrinkwrap', () => {
  beforeAll(async () => {
    await faasCli(['build', '--shrinkwrap', '--yaml', 'stack.yml']);
  });

  test('makes a context for each function, all the same', () => {
    const contexts = names.map((name) => readdirSync(join(folder, 'build', name)).toSorted());
    expect(readdirSync(join(folder, 'build'))).toEqual(names);
    expect(new Set(contexts.map((files) => files.join(' '))).size).toBe(1);
    expect(contexts[0]).toEqual(expect.arrayContaining(['Dockerfile', 'package.json', 'functions', 'lib']));
    expect(contexts[0]).not.toContain('node_modules');
  });

  test('in such a context everything that is built finds what it imports', async () => {
    const context = join(folder, 'build', names[0] ?? '');
    const entryPoints = [
      ...readdirSync(join(context, 'functions')).map((name) => join(context, 'functions', name, 'index.ts')),
      ...['mover/index.ts', 'bin/hubfn.ts', 'dev/start.ts', 'dev/images/assemble.ts'].map((file) =>
        join(context, file),
      ),
    ];
    const options = {
      bundle: true,
      write: false,
      platform: 'node',
      packages: 'external',
      outdir: dirname(context),
    } as const;
    const { errors } = await build({ ...options, entryPoints, define: { CALL_SITES: '{}' }, logLevel: 'silent' });
    expect(errors).toEqual([]);
  });

  test('the Dockerfile copies nothing that is not there', () => {
    const context = join(folder, 'build', names[0] ?? '');
    const dockerfile = readFileSync(join(context, 'Dockerfile'), 'utf8');
    const [, named = ''] = /^COPY (package\.json.*) \.\/$/m.exec(dockerfile) ?? [];
    expect(readdirSync(context)).toEqual(expect.arrayContaining(named.split(' ')));
    expect(named).not.toBe('');
  });
});
