// POST / takes anything, as bytes: what a runtime would refuse to parse is exactly what may arrive here.
import type { Route } from '../../lib/http/route';
import { keep, type Keeper } from './keep';

export function createRoutes(keeper: Keeper): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/',
      access: 'open',
      body: 'bytes',
      produces: 'text/plain',
      summary: 'Write down an event that could not be delivered',
      handle: async ({ headers, body, signal }) => {
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
        await keep(keeper, { headers, bytes, now: keeper.clock() }, { signal });
        return { status: 204 };
      },
    },
  ];
}
