// dryRun=All: the same write, decided but not made.
import type { StoreWriter } from '../../store';
import type { Api } from '../context';
import type { ResourceRequest } from '../request';
import { invalidOptions } from '../status';
import { notSupported } from '../validation/fault';

export function writerOf({ store }: Api, request: ResourceRequest): StoreWriter {
  return isDryRun(request) ? store.dryRun : store;
}

const OPTIONS = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' } as const;

function isDryRun({ query, verb }: ResourceRequest): boolean {
  const values = query.getAll('dryRun').filter((value) => value !== '');
  if (values.some((value) => value !== 'All')) {
    const kind = verb === 'create' || verb === 'update' || verb === 'patch' ? OPTIONS[verb] : 'DeleteOptions';
    throw invalidOptions(kind, notSupported('dryRun', values, ['All']));
  }
  return values.length > 0;
}
