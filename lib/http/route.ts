// What a function offers: routes, which the front matches, guards and reads for, and perhaps an event handler.
import type { CloudEventV1 } from 'cloudevents';
import type * as z from 'zod';
import type { Request, Response } from './message';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export type Handler = (request: Request) => Promise<Response>;

export interface Route {
  readonly method: Method;
  /** `/api/services/:name`; a parameter is one segment without `/` and `.`. */
  readonly path: string;
  /** `open`: nobody is asked for a login. */
  readonly access: 'open' | { readonly group: string };
  /** `json`: JSON or a form, parsed; `bytes`: a Buffer; `ignored` (default): read within the limit and thrown away. */
  readonly body?: 'json' | 'bytes' | 'ignored';
  /** Media type of an answer that is not JSON; such a route is not negotiated. */
  readonly produces?: string;
  /** Not in the access log: probes. */
  readonly quiet?: boolean;
  readonly summary: string;
  /** The schemas the handler parses with; the front only tells them in /openapi.json. */
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly schema?: z.ZodType;
  readonly handle: Handler;
}

/**
 * Gets an event, or undefined for the empty POST of OpenFaaS's cron-connector. Answers nothing (204), or an event as
 * `application/cloudevents+json`: a Knative Trigger takes nothing else. AppError 400 = never again, 503 = later again.
 */
export type OnEvent = (event: CloudEventV1<unknown> | undefined, request: Request) => Promise<Response | undefined>;
