import { parseDockerfile } from '../../../../bin/images/definition/dockerfile';

const digest = `sha256:${'0a'.repeat(32)}`;

test('stages, with what each stands on', () => {
  const text = [
    'ARG NODE=node:20',
    'ARG EMPTY',
    'from --platform=linux/amd64 ${NODE} AS Build',
    'RUN make \\',
    '# FROM a comment in between',
    '  all',
    'FROM build as second',
    'FROM $NODE',
    'FROM ${EMPTY:-debian:12}',
    'COPY --from=build /a /b',
  ].join('\r\n');
  expect(parseDockerfile(text, {}).stages).toEqual([
    { base: 'node:20', name: 'build' },
    { base: 'build', name: 'second' },
    { base: 'node:20' },
    { base: 'debian:12' },
  ]);
  expect(parseDockerfile(text, { NODE: 'node:22' }).stages[0]).toEqual({ base: 'node:22', name: 'build' });
});

test('an ARG that does not come before the first FROM is none for FROM', () => {
  expect(parseDockerfile('FROM scratch\nARG A=debian:12\nFROM x${A}', {}).stages[1]).toEqual({ base: 'x' });
});

test('what is in a here-document is no instruction', () => {
  const text = 'FROM a\nRUN <<EOF cat <<-"END"\nFROM b\nEOF\n\tFROM c\n\tEND\nCOPY <<FILE /f\nFROM d\nFILE\nFROM e\n';
  expect(parseDockerfile(text, {}).stages.map(({ base }) => base)).toEqual(['a', 'e']);
});

test('bases without a digest are told, own stages and scratch are not', () => {
  const text = [
    `FROM debian:12@${digest} AS one`,
    'FROM one AS two',
    'FROM scratch AS three',
    'FROM debian:12',
    'COPY --from=one /a /a',
    'COPY --from=0 /a /a',
    'COPY --chown=1 --from=quay.io/tool:1 /a /a',
    'FROM debian:12',
  ].join('\n');
  expect(parseDockerfile(text, {}).unpinned).toEqual(['debian:12', 'quay.io/tool:1']);
});

test('comments that name images, with their lines; others are only comments', () => {
  const text = '#IMAGE team/lab\n# IMAGE of a cat\n#IMAGES\n#TAG  r-4 \nFROM scratch\n#TARGET base b\n';
  expect(parseDockerfile(text, {}).comments).toEqual([
    { line: 1, word: 'IMAGE', rest: 'team/lab' },
    { line: 4, word: 'TAG', rest: 'r-4' },
    { line: 6, word: 'TARGET', rest: 'base b' },
  ]);
});
