import { renderManifests } from '../../../lib/manifests/render';
import type { Substitution } from '../../../lib/manifests/placeholders';

const substitution: Substitution = {
  indicators: ['<', '>'],
  steps: [
    { values: { id: 'lab-1', evil: 'x\nadmin: true', braces: '{a: 1}', scientific: '1e-5' }, typed: false },
    { values: { user_id: '17' }, typed: true },
    { values: { outer: 'on <inner>', port: '8080', flag: 'true', map: '{a: 1}' }, typed: true },
    { values: { inner: 'node-<user_id>', image: 'lab:2' }, typed: true },
  ],
};

const render = (text: string): unknown[] =>
  renderManifests({ file: 'service.yaml', text }, substitution).map(({ manifest }) => manifest);

test('placeholders are filled in values and in keys', () => {
  expect(render('metadata: {name: dep-<id>}\ndata: {"<id>.txt": hello}')).toEqual([
    { metadata: { name: 'dep-lab-1' }, data: { 'lab-1.txt': 'hello' } },
  ]);
});

test('a value never adds a key, however it is written', () => {
  expect(render('a: <evil>\nb: "<evil>"\nc: <braces>')).toEqual([
    { a: 'x\nadmin: true', b: 'x\nadmin: true', c: '{a: 1}' },
  ]);
});

test("a plain scalar of the operator's values is typed as YAML would, a quoted one stays text", () => {
  expect(render('port: <port>\nquoted: "<port>"\nflag: <flag>\nuser: <user_id>\nlist: <map>')).toEqual([
    { port: 8080, quoted: '8080', flag: true, user: 17, list: '{a: 1}' },
  ]);
});

test('what a user can influence is always text', () => {
  expect(render('a: <scientific>\nb: <id>')).toEqual([{ a: '1e-5', b: 'lab-1' }]);
});

test('later replacements see what earlier ones inserted, not the other way round', () => {
  expect(() => render('a: "<inner>"')).toThrow('unknown placeholder <user_id>');
});

test('octal numbers, yes and dates are read as kubectl and PyYAML read them', () => {
  expect(render('mode: 0644\nsure: yes\nday: 2026-11-21')).toEqual([{ mode: 420, sure: true, day: '2026-11-21' }]);
});

test('empty documents are skipped, and documents are counted in errors', () => {
  expect(render('---\n# nothing\n---\na: 1\n---\n')).toEqual([{ a: 1 }]);
  expect(() => render('a: 1\n---\nspec: {containers: [{image: 1}, {image: <imge>}]}')).toThrow(
    'service.yaml, document 2, spec.containers[1].image: unknown placeholder <imge>',
  );
});

test('scripts and pages in block scalars keep their own angle brackets', () => {
  expect(render('page: |\n  <html>Hello <id></html>\n')).toEqual([{ page: '<html>Hello lab-1</html>\n' }]);
});

test('broken YAML names file and document', () => {
  expect(() => render('a: 1\n---\nb: [1, 2')).toThrow(/^service.yaml, document 2: not valid YAML/);
});

test('a document that is no map is refused', () => {
  expect(() => render('- 1\n- 2')).toThrow('service.yaml, document 1: a manifest must be a map');
});
