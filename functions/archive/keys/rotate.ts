// Changes the password of a user's repository: the next one is made here, and a mover that has both puts it in place.
import { AppError } from '../../../lib/errors';
import type { Call } from '../../../lib/kube/kube';
import { busy } from '../ask';
import type { Repository } from '../archive';
import type { Context } from '../context';
import { advance, withOperation } from '../operation/advance';
import { newOperation } from '../operation/operation';
import { readRepository } from './keys';

export async function rotateKey(context: Context, user: string, call: Call): Promise<Repository> {
  const repository = await readRepository(context, user, call);
  if (repository === undefined) throw new AppError('not_found', 404, 'There are no archives of this user.');
  await rotate(context, repository, call);
  return (await readRepository(context, user, call)) ?? repository;
}

/** What is under way already is the same wish. */
export async function rotate(context: Context, repository: Repository, call: Call): Promise<void> {
  if (repository.operation !== undefined) return;
  const operation = newOperation('rotate', context.clock());
  const asked = await withOperation(context, { subject: repository, operation }, call);
  if (asked === undefined) throw busy('Something else was done with this repository at the same time.');
  await advance(context, asked, call);
}
