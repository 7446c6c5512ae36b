import {
  canonical,
  isLoopback,
  movedTo,
  parseImageName,
  parsePlace,
  repositoryText,
} from '../../../bin/images/reference';

test.each([
  ['registry.example.org/team/lab', 'registry.example.org/team/lab', undefined],
  ['registry.example.org:5000/lab:r-4', 'registry.example.org:5000/lab', 'r-4'],
  ['localhost/lab', 'localhost/lab', undefined],
  ['team/lab', 'docker.io/team/lab', undefined],
  ['lab:2', 'docker.io/library/lab', '2'],
  ['docker.io/lab', 'docker.io/library/lab', undefined],
  ['127.0.0.1:5000/a/b/c', '127.0.0.1:5000/a/b/c', undefined],
])('%s is an image', (text, repository, label) => {
  const name = parseImageName(text);
  expect(name && repositoryText(name.repository)).toBe(repository);
  expect(name?.label).toBe(label);
});

test.each([
  '',
  'Lab',
  'lab:',
  'lab:a b',
  'lab:-a',
  '/lab',
  'lab/',
  'a//b',
  'a b',
  'lab@sha256:00',
  '-rm',
  'team/--all',
  `lab:${'t'.repeat(129)}`,
])('%j is none', (text) => {
  expect(parseImageName(text)).toBeUndefined();
});

test.each([
  ['registry.example.org', 'team/lab', 'registry.example.org/team/lab'],
  ['registry.example.org/prefix/', 'other.example.org/lab', 'registry.example.org/prefix/lab'],
  ['registry:5000', 'lab', 'registry:5000/lab'],
])('in %s %s is %s', (place, name, expected) => {
  const moved = movedTo(parsePlace(place)!, parseImageName(name)!.repository);
  expect(repositoryText(moved)).toBe(expected);
});

test.each(['', 'https://registry.example.org', 'registry example', 'registry/Upper'])(
  '%j is no place for images',
  (text) => {
    expect(parsePlace(text)).toBeUndefined();
  },
);

test.each([
  ['lab:1', 'docker.io/library/lab:1'],
  ['localhost/lab:1', 'localhost/lab:1'],
  ['localhost:5000/lab:1', 'localhost:5000/lab:1'],
  ['docker.io/team/lab:latest', 'docker.io/team/lab:latest'],
  ['<none>:<none>', undefined],
  ['team/lab', undefined],
])('a builder that lists %s has %s', (listed, expected) => {
  expect(canonical(listed)).toBe(expected);
});

test.each(['lab', 'team/lab', 'docker.io/lab', 'localhost/lab', 'localhost:5000/lab', 'registry.example.org/lab'])(
  'what is built as %s is found again under the name that a builder lists',
  (text) => {
    const built = `${repositoryText(parseImageName(text)!.repository)}:1`;
    const byDocker = built.replace(/^docker\.io\/(?:library\/)?/, '');
    expect([built, byDocker].map(canonical)).toEqual([built, built]);
  },
);

test('only what is on this machine is spoken to without TLS by itself', () => {
  expect(['localhost', 'localhost:5000', '127.0.0.1:5000', '127.1.2.3'].every(isLoopback)).toBe(true);
  expect(['localhost.example.org', 'registry:5000', '127.0.0.1.example.org'].some(isLoopback)).toBe(false);
});
