// Who makes a request, once a login has been checked.

export interface Caller {
  /** Name of the credential: `jupyterhub`. Rows are always filtered by it. */
  readonly name: string;
  readonly groups: readonly string[];
  /** Bypasses groups, never the filter by name. */
  readonly superuser: boolean;
}
