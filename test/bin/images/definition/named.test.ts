import { parseDockerfile } from '../../../../bin/images/definition/dockerfile';
import { exactText, imagesOf, movingTexts } from '../../../../bin/images/definition/image';
import { namedBy, type Told } from '../../../../bin/images/definition/named';

const told = (nameFile: string | undefined, text = 'FROM scratch', targets: Told['targets'] = []): Told => ({
  nameFile,
  dockerfile: parseDockerfile(text, {}),
  targets,
});

const made = (...args: Parameters<typeof told>): readonly (readonly string[])[] => {
  const { value, faults } = namedBy(told(...args));
  expect(faults).toEqual([]);
  return imagesOf(value!, '0123456789ab').map((image) => [exactText(image), ...movingTexts(image)]);
};

test('a tag for the contents, and latest', () => {
  expect(made('registry.example.org/lab\n')).toEqual([
    ['registry.example.org/lab:0123456789ab', 'registry.example.org/lab:latest'],
  ]);
});

test('a tag of its own comes before the hash, and in place of latest', () => {
  expect(made('team/lab:r-4')).toEqual([['docker.io/team/lab:r-4-0123456789ab', 'docker.io/team/lab:r-4']]);
});

test('comments in the Dockerfile name it as well, with further tags', () => {
  expect(made(undefined, '#IMAGE team/lab\n#TAG r-4\n#TAG r-4.1\nFROM scratch')).toEqual([
    [
      'docker.io/team/lab:0123456789ab',
      'docker.io/team/lab:latest',
      'docker.io/team/lab:r-4',
      'docker.io/team/lab:r-4.1',
    ],
  ]);
});

test('stages are images, too, in their order, before the whole', () => {
  const text = 'FROM scratch AS Base\nFROM base AS tools\nFROM tools\n#TARGET tools other/tools:2';
  expect(made('lab', text, [{ stage: 'base', as: 'base' }])).toEqual([
    ['docker.io/library/lab:base-0123456789ab', 'docker.io/library/lab:base'],
    ['docker.io/other/tools:2-0123456789ab', 'docker.io/other/tools:2'],
    ['docker.io/library/lab:0123456789ab', 'docker.io/library/lab:latest'],
  ]);
});

test.each<[string, Told, readonly string[]]>([
  [
    'no name',
    told(undefined),
    ['image_name.txt is missing: write the name of the image into it, like registry.example.org/team/image'],
  ],
  ['an empty name', told('\n'), ['"" is no name of an image; one is registry.example.org/team/image']],
  ['a bad name', told('Team/Lab'), ['"Team/Lab" is no name of an image; one is registry.example.org/team/image']],
  [
    'two names',
    told('a', '#IMAGE b\nFROM scratch'),
    ['it is called a and b: name it once, in image_name.txt or by #IMAGE in the Dockerfile'],
  ],
  ['a bad tag', told('a', 'FROM scratch\n#TAG a b'), ['Dockerfile: line 2: "a b" is no tag']],
  ['half a target', told('a', 'FROM scratch AS x\n#TARGET x'), ['Dockerfile: line 2: "x" is no stage and a tag']],
  [
    'a stage that is not there',
    told('a', 'FROM scratch AS one\nFROM one AS two\nFROM two', [{ stage: 'three', as: 't' }]),
    ['TARGET three: the Dockerfile has no such stage; it has one, two'],
  ],
  [
    'a stage where none has a name',
    told('a', 'FROM scratch', [{ stage: 'x', as: 't' }]),
    ['TARGET x: the Dockerfile has no such stage; it names none'],
  ],
  [
    'two stages under one tag',
    told('a', 'FROM scratch AS x\nFROM x AS y', [
      { stage: 'x', as: 't' },
      { stage: 'y', as: 't' },
    ]),
    ['TARGET: t is said of two stages'],
  ],
  ['too long a tag', told(`a:${'t'.repeat(116)}`), [`"a:${'t'.repeat(116)}" has too long a tag`]],
])('%s is told', (_what, given, faults) => {
  expect(namedBy(given).faults).toEqual(faults);
});
