// An API of the functions as commands see it, wherever it runs: behind a URL, or in this process on a kubeconfig.

export interface Api {
  /** Fails where no answer could be had; a refusal is an answer. */
  readonly request: (method: Method, path: string, sent?: Sent) => Promise<Answer>;
  /** For messages: `http://...` or `namespace default`. */
  readonly place: string;
}

export type Method = 'GET' | 'POST' | 'DELETE';

export interface Sent {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** As it comes. */
  readonly body: AsyncIterable<Uint8Array>;
}
