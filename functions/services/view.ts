// Service objects as clients know them: fixed keys in a fixed order.
import type { Start } from '../../lib/services/anchor';
import type { State } from './state';

export function serviceObject(start: Start): object {
  return {
    servername: start.servername,
    start_id: start.startId,
    user_options: start.userOptions,
    jhub_user_id: start.userId,
    jhub_credential: start.credential,
    start_date: start.startDate,
    stop_pending: false,
  };
}

export function serviceWithState(start: Start, { running, details, status }: State): object {
  return { ...serviceObject(start), running, ...(details !== undefined && { details }), status };
}
