// The operator's job set for submissions: what may stand where, and that the sample keeps to it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { submissionOf } from '../../../../functions/intake/delivery';
import { readTemplate } from '../../../../functions/intake/submissions/template';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hub-functions-template-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const WANTED = { submission: { assignment: 'hw1', path: 'a b.py' }, user: 'alice', id: 'x' };
const SECRETS = { key: 'a secret value' };

async function bodyOf(yaml: string, files: Readonly<Record<string, string>> = {}): Promise<object> {
  writeFileSync(join(folder, 'set.yaml'), yaml);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return submissionOf(WANTED, await readTemplate({ folder, values: { image: 'node:22' }, secrets: SECRETS }));
}

test('values, files and secrets come where they are named, and the user becomes a label', async () => {
  const yaml = `
labels: { assignment: <assignment> }
stages:
  - name: one
    image: <image>
    env: { WHAT: <path> }
    secretEnv: { KEY: <secret.key> }
    files:
      /run.js: |
        <run.js>
    claims: [{ name: claim-<user>, mountPath: /home }]
`;
  expect(await bodyOf(yaml, { 'run.js': 'if (1 <user> 2) {}\n' })).toEqual({
    labels: { assignment: 'hw1', 'hub-user': 'alice' },
    stages: [
      {
        name: 'one',
        image: 'node:22',
        env: { WHAT: 'a b.py' },
        secretEnv: { KEY: 'a secret value' },
        files: { '/run.js': 'if (1 <user> 2) {}\n\n' },
        claims: [{ name: 'claim-alice', mountPath: '/home' }],
      },
    ],
  });
});

test.each([
  ['in a command', 'stages: [{ name: a, cmd: "cat <path>" }]', 'stages.0.cmd: what users send may not stand here'],
  ['among words', 'stages: [{ name: a, args: [cat, <path>] }]', 'stages.0.args.1: what users send'],
  ['in a file', 'stages: [{ name: a, files: { /a: "<path>" } }]', 'stages.0.files./a: what users send'],
  ['as an image', 'stages: [{ name: a, image: <assignment> }]', 'stages.0.image: what users send'],
  ['as a profile', 'profile: <user>', 'profile: what users send'],
])('what users send is refused %s', async (_where, yaml, why) => {
  await expect(bodyOf(yaml)).rejects.toThrow(why);
});

test('a secret is refused outside of secretEnv', async () => {
  await expect(bodyOf('stages: [{ name: a, env: { KEY: <secret.key> } }]')).rejects.toThrow(
    'a secret may not stand here',
  );
});

test.each([
  ['unknown', 'stages: [{ name: a, image: <imge> }]', 'unknown placeholder <imge>'],
  ['two documents', 'stages: []\n---\nstages: []', 'holds 2 documents'],
])('%s is told', async (_what, yaml, why) => {
  await expect(bodyOf(yaml)).rejects.toThrow(why);
});

test('a folder without a set is told', async () => {
  await expect(readTemplate({ folder, values: {}, secrets: {} })).rejects.toThrow('there is no set.yaml');
});

interface SampleStage {
  readonly name: string;
  readonly untrusted?: boolean;
  readonly waitSeconds: number;
}

test('the sample is filled, and its scripts are whole', async () => {
  const values = { profile: 'p', image: 'i', claimSize: '1Mi', assignments: 'a', store: 's' };
  const source = { folder: resolve('descriptions/submission'), values, secrets: { 'receipt-key': 'k' } };
  const body = submissionOf(WANTED, await readTemplate(source)) as {
    readonly stages: readonly SampleStage[];
  };

  expect(body.stages.map(({ name, untrusted = false }) => [name, untrusted])).toEqual([
    ['setup', false],
    ['verify', true],
    ['test', true],
    ['results', false],
    ['finalise', false],
  ]);
  // A claim that is not there would be waited for until somebody asks.
  expect(body.stages.map(({ waitSeconds }) => waitSeconds)).toEqual([300, 300, 300, 300, 300]);
  expect(JSON.stringify(body)).not.toMatch(/<[a-z.]+\.js>/);
});
