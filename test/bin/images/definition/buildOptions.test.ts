import { parseBuildOptions } from '../../../../bin/images/definition/buildOptions';

test('two switches, comments, and stages that are images, too', () => {
  const text = '# ours\r\nbuild: true\r\n\npush:false\nTARGET base base\nTARGET  tools registry.example.org/tools:1\n';
  expect(parseBuildOptions(text)).toEqual({
    faults: [],
    value: {
      build: true,
      push: false,
      targets: [
        { stage: 'base', as: 'base' },
        { stage: 'tools', as: 'registry.example.org/tools:1' },
      ],
    },
  });
});

test.each([
  ['build: yes\npush: true', ['line 1: "build: yes" is none of "build: true", "push: false", "TARGET stage tag"']],
  ['bild: true', ['line 1: "bild: true" is none of "build: true", "push: false", "TARGET stage tag"']],
  ['build: true', ['push is missing: write "push: true" or "push: false"']],
  [
    '',
    ['build is missing: write "build: true" or "build: false"', 'push is missing: write "push: true" or "push: false"'],
  ],
  ['build: true\npush: true\nbuild: false', ['line 3: build is said twice']],
  [
    'build: true\npush: true\nTARGET base',
    ['line 3: "TARGET base" is none of "build: true", "push: false", "TARGET stage tag"'],
  ],
  ['build: true\npush: true\nTARGET base Up/Per', ['line 3: Up/Per is neither a tag nor the name of an image']],
  [
    'push: maybe\nbuild: maybe',
    [expect.stringMatching(/^line 1: "push: maybe"/), expect.stringMatching(/^line 2: "build: maybe"/)],
  ],
])('%j is told with its line', (text, faults) => {
  expect(parseBuildOptions(text).faults).toEqual(faults);
});
