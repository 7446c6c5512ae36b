// What the reaper tells over HTTP: the report of the last sweep.
import { AppError } from '../../lib/errors';
import type { Route } from '../../lib/http/route';
import type { Context } from './context';
import { readReport } from './report';

export function createRoutes(context: Context): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/reaper/report',
      access: { group: 'access_to_reaper' },
      summary: 'The report of the last sweep: what went and why, and how much is left',
      handle: async ({ signal }) => {
        const report = await readReport(context, { signal });
        if (report === undefined) throw new AppError('not_found', 404, 'There was no sweep yet.');
        return { status: 200, body: report };
      },
    },
  ];
}
