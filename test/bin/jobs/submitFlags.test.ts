import { submit } from '../../../bin/jobs/submit';
import { parseSubmit } from '../../../bin/jobs/submitFlags';

const parsed = (args: readonly string[], environment = {}) => parseSubmit(args, { environment });

test('flags end where the command begins', () => {
  const { command, isWaiting, wishes } = parsed(['--wait', '--memory', '10', 'grep', '--memory', '--wait', 'x']);
  expect(command).toEqual(['grep', '--memory', '--wait', 'x']);
  expect([isWaiting, wishes.memory]).toEqual([true, 10]);
});

test('help of the command that is run is not ours', () => {
  expect(submit.ownArguments?.(['--memory', '10', 'df', '-h'])).toEqual(['--memory', '10']);
  expect(submit.ownArguments?.(['--help', 'df'])).toEqual(['--help']);
});

test.each([
  [
    ['--', '--odd-program', '--help'],
    ['--odd-program', '--help'],
  ],
  [['--debug', '--', '-'], ['-']],
  [['-'], ['-']],
  [['-f', 'tasks.yaml'], []],
])('%j has the command %j', (args, command) => {
  expect(parsed(args).command).toEqual(command);
});

test('all flags of the original are known', () => {
  const text =
    '--k8s-image i --k8s-registry-secret s --k8s-volume-claim c --k8s-mount-path /m --memory 10 --ncores 2 --time=-1 ' +
    '--debug --ntest 2 --identifier n --maxConcurrent 3 --wait --checkmissing --checktimestamp --submit auto true';
  expect(parsed(text.split(' '))).toMatchObject({
    identifier: 'n',
    wishes: { image: 'i', registrySecret: 's', volumeClaim: 'c', mountPath: '/m', memory: 10, ncores: 2, time: -1 },
    isDebug: true,
    isWaiting: true,
    isCheckingMissing: true,
    isCheckingTimestamps: true,
    ntest: 2,
    maxConcurrent: 3,
    access: { submit: 'auto' },
  });
});

test('defaults may be set in the environment, and a flag is over them', () => {
  const environment = {
    HUBFN_K8S_IMAGE: 'e',
    HUBFN_K8S_VOLUME_CLAIM: 'c',
    HUBFN_K8S_MOUNT_PATH: '/e',
    HUBFN_K8S_REGISTRY_SECRET: '',
  };
  const { wishes } = parsed(['--k8s-mount-path', '/m', 'true'], environment);
  expect(wishes).toMatchObject({ usualImage: 'e', volumeClaim: 'c', mountPath: '/m', registrySecret: undefined });
});

test('values of secrets come from the environment', () => {
  const { wishes } = parsed(['--secret-env', 'KEY', '--env', 'A=b=c', 'true'], { KEY: 'hidden' });
  expect([wishes.secretEnv, wishes.env]).toEqual([{ KEY: 'hidden' }, { A: 'b=c' }]);
});

test.each([
  [['--memory', 'much', 'x'], '--memory much is not a number that it takes'],
  [['--memory', '1.5', 'x'], '--memory 1.5'],
  [['--ncores', '0', 'x'], '--ncores 0'],
  [['--maxConcurrent', '0', 'x'], '--maxConcurrent 0'],
  [['--ntest=-1', 'x'], '--ntest -1'],
  [['--env', 'A', 'x'], '--env A: give NAME=VALUE'],
  [['--secret-env', 'KEY', 'x'], '--secret-env KEY: it is not set here'],
  [['--identifier', '', 'x'], '--identifier is empty'],
  [['--memroy', '1', 'x'], "Unknown option '--memroy'"],
])('%j is refused', (args, message) => {
  expect(() => parsed(args)).toThrow(message);
});

test('the value of a secret on the command line is not repeated', () => {
  expect(() => parsed(['--secret-env', 'KEY=hidden', 'x'])).toThrow(/^--secret-env KEY: give the NAME only/);
});
