// Routes and login of users, where the operator names a hub; nobody gets in otherwise.
import { createHubUser } from '../../../lib/credentials/hubUser';
import type { Authenticate } from '../../../lib/http/api';
import type { Route } from '../../../lib/http/route';
import type { Context } from '../context';
import { createHubLogin } from './hubLogin';
import { createRoutes } from './routes';

export function hubOptions(context: Context): {
  readonly routes: readonly Route[];
  readonly authenticate?: Authenticate;
} {
  const { hubApi, intake } = context.settings;
  const { hub } = intake.submissions;
  if (hub === undefined || hubApi === undefined) return { routes: [] };
  return {
    routes: createRoutes(context, hub),
    authenticate: createHubLogin(createHubUser({ url: hubApi, clock: context.clock })),
  };
}
