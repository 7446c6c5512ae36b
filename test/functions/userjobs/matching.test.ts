// Which service a user job is for.
import { serviceFor } from '../../../functions/userjobs/matching';

const running = [
  { servername: 'lab1', startId: '1234' },
  { servername: 'lab1-dask', startId: '9' },
  { servername: 'Lab 2', startId: '1' },
];

test.each([
  ['lab1', 'lab1'],
  ['lab1-1234', 'lab1'],
  ['lab1-viz', 'lab1'],
  ['lab1-1234-viz', 'lab1'],
  ['lab1-dask', 'lab1-dask'],
  ['lab1-dask-2', 'lab1-dask'],
  ['lab12', undefined],
  ['lab', undefined],
  ['', undefined],
])('%s is for %s', (name, expected) => expect(serviceFor(name, running)?.servername).toBe(expected));

test('a service without a name has no user jobs', () => {
  expect(serviceFor('-x', [{ servername: '', startId: '' }])).toBeUndefined();
});
