// dryRun=All: the same write, decided but not made.
import type { StoreWriter } from '../../store';
import type { Api } from '../context';
import type { ResourceRequest } from '../request';
import { badRequest } from '../status';

export function writerOf({ store }: Api, request: ResourceRequest): StoreWriter {
  return isDryRun(request) ? store.dryRun : store;
}

function isDryRun({ query }: ResourceRequest): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '');
  if (values.some((value) => value !== 'All')) {
    throw badRequest(`dryRun: Unsupported value: "${values.join(',')}": supported values: "All"`);
  }
  return values.length > 0;
}
