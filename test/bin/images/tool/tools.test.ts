import { parseImageName } from '../../../../bin/images/reference';
import { buildArguments, commandText, listArguments, pushArguments, TOOLS } from '../../../../bin/images/tool/tools';

const { repository } = parseImageName('registry.example.org/lab')!;
const image = { repository, exact: '0123456789ab', moving: ['latest'] };
const built = { image, buildArguments: { A: 'b c' }, folder: '/context', insecure: false };
const tags = ['--tag', 'registry.example.org/lab:0123456789ab', '--tag', 'registry.example.org/lab:latest'];

const argument = ['--build-arg', 'A=b c'] as const;
const context = ['--file', '/context/Dockerfile', '/context'] as const;
const layered = ['build', '--layers', '--timestamp', '0', ...argument, ...tags, ...context] as const;

test.each([
  ['docker', ['build', ...argument, ...tags, ...context]],
  ['podman', layered],
  ['buildah', layered],
] as const)('%s builds with both names', (tool, expected) => {
  expect(buildArguments(tool, built)).toEqual(expected);
});

test.each(TOOLS)('%s builds a stage', (tool) => {
  expect(buildArguments(tool, { ...built, image: { ...image, stage: 'base' } }).join(' ')).toContain('--target base');
});

test('only those that are no daemon take the word for plain HTTP', () => {
  const pushed = { name: 'localhost:5000/lab:1', insecure: true };
  expect(TOOLS.map((tool) => pushArguments(tool, pushed))).toEqual([
    ['push', 'localhost:5000/lab:1'],
    ['push', '--tls-verify=false', 'localhost:5000/lab:1'],
    ['push', '--tls-verify=false', 'localhost:5000/lab:1'],
  ]);
});

test('buildah calls a repository a name', () => {
  expect(TOOLS.map((tool) => listArguments(tool).at(-1))).toEqual([
    '{{.ID}} {{.Repository}}:{{.Tag}}',
    '{{.ID}} {{.Repository}}:{{.Tag}}',
    '{{.ID}} {{.Name}}:{{.Tag}}',
  ]);
});

test('commands can be pasted', () => {
  expect(commandText(['docker', 'build', '--build-arg', "A=it's b"])).toBe(
    String.raw`docker build --build-arg 'A=it'\''s b'`,
  );
});
