// Under which name a real buildah holds an image, and finds it again.
import { createImageWorld, exactOf, type ImageWorld } from '../support/images/imageWorld';

let world: ImageWorld;

beforeEach(() => {
  world = createImageWorld();
});
afterEach(() => {
  world.remove();
});

const LAB = 'docker.io/team/lab';
const exactTag = (repository = LAB): string => exactOf(world.built(repository));

test('a name that looks alike is not there', async () => {
  world.define('lab');
  await world.images(['build']);
  const tag = exactTag();
  world.buildah(
    'tag',
    `${LAB}:${tag}`,
    `docker.io/other/lab:${tag}`,
    `docker.io/team/lab-extra:${tag}`,
    `registry.example.org/team/lab:${tag}`,
    `localhost/team/lab:${tag}`,
  );
  world.buildah('rmi', `${LAB}:${tag}`, `${LAB}:latest`);
  expect(world.built(LAB)).toEqual([]);
  expect(await world.images(['build'])).toMatchObject({ code: 0 });
  expect(world.built(LAB)).toEqual([tag, 'latest']);
});

test('a name that begins with localhost is one of its own, and found again', async () => {
  world.define('lab', { 'image_name.txt': 'localhost/team/lab' });
  expect(await world.images(['build'])).toMatchObject({ code: 0 });
  const tag = exactTag('localhost/team/lab');
  expect(await world.images(['build'])).toMatchObject({
    code: 1,
    output: `lab: already built: localhost/team/lab:${tag}\n`,
  });
  expect(JSON.parse((await world.images(['list', '--output', 'json'])).output)).toMatchObject([{ built: true }]);
});
