// The end of a service, as it is kept and told.

/** How a service ended: told to every later poll until it is replaced, stopped or too old. */
export interface Ending {
  readonly phase: string;
  readonly reason: string;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: { readonly error: string; readonly detailed_error: string };
}
