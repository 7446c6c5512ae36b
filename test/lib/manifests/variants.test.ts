import { isMeantFor, renameVariants } from '../../../lib/manifests/variants';

const known = { stages: ['production', 'staging'], credentials: ['auth', 'auth_2'] };

describe('isMeantFor', () => {
  const audience = { stage: 'staging', credential: 'auth_2' };

  test.each([
    ['start.sh', true],
    ['staging_start.sh', true],
    ['production_start.sh', false],
    ['auth_2_start.sh', true],
    ['auth_start.sh', false],
    ['staging_auth_2_start.sh', true],
    ['staging_auth_start.sh', false],
    ['__init__.py', true],
    ['_private', true],
  ])('%s travels: %s', (name, expected) => {
    expect(isMeantFor(name, audience, known)).toBe(expected);
  });

  test('without a stage no file name begins with one', () => {
    expect(isMeantFor('production_start.sh', { stage: undefined, credential: 'auth' }, known)).toBe(true);
  });
});

describe('renameVariants', () => {
  const audience = { stage: 'staging', credential: 'auth' };

  test('strips the variant from the file name and keeps the folder', () => {
    expect(renameVariants(['input/sub/staging_run.sh'], audience, known)).toEqual([
      { source: 'input/sub/staging_run.sh', target: 'input/sub/run.sh' },
    ]);
  });

  test('the most specific of competing files wins, whatever their order', () => {
    const files = ['run.sh', 'auth_run.sh', 'staging_run.sh', 'staging_auth_run.sh'];
    const winner = [{ source: 'staging_auth_run.sh', target: 'run.sh' }];
    expect(renameVariants(files, audience, known)).toEqual(winner);
    expect(renameVariants(files.toReversed(), audience, known)).toEqual(winner);
  });

  test('a leading underscore stays where there is no stage', () => {
    const [file] = renameVariants(['__init__.py'], { stage: undefined, credential: 'auth' }, known);
    expect(file?.target).toBe('__init__.py');
  });
});
