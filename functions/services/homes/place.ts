// Where the home of a user is: one folder per group of homes, one folder per user in it. No name can lead out of the base.
import { AppError } from '../../../lib/errors';
import type { HomesSettings } from './settings';

export interface HomeRequest {
  readonly credential: string;
  /** `user_options.service` */
  readonly service: string;
  /** `jhub_user_id` */
  readonly userId: number;
}

export interface HomePlace {
  /** `<mapped credential><service suffix>`: the same folder name below `base` and below `skel`. */
  readonly group: string;
  readonly user: string;
}

/** Neither `.` nor `..`, no slash, nothing a shell, YAML or a ConfigMap would read in its own way. */
const SAFE_NAME = /^\w[\w.@+-]{0,250}$/;

export function placeOf(settings: HomesSettings, { credential, service, userId }: HomeRequest): HomePlace {
  const group = `${own(settings.credential_mapping, credential) ?? credential}${own(settings.service_suffix, service) ?? ''}`;
  if (!SAFE_NAME.test(group))
    throw new AppError(
      'unsafe_home',
      500,
      `"${group}" is no safe folder name: map the credential to one in userhomes.`,
    );
  if (!Number.isSafeInteger(userId)) throw new AppError('unsafe_home', 400, 'jhub_user_id must be an integer.');
  return { group, user: String(userId) };
}

/** A credential may be called "constructor". */
function own(mapping: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined;
}
