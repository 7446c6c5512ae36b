// Tells a route table as an OpenAPI 3.1 document; imported only when someone asks for it.
import * as z from 'zod';
import { PARSED_TYPES } from './parseBody';
import type { Route } from './route';

type Schema = object;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly object[];
  readonly parameters: readonly object[];
  readonly requestBody?: object;
  readonly responses: object;
}

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

const PARAMETER = /:(\w+)/g;
const COMPONENTS = {
  securitySchemes: {
    basic: { type: 'http', scheme: 'basic' },
    token: { type: 'apiKey', in: 'header', name: 'Authorization', description: 'Token KEY' },
  },
};

export function openapi(title: string, routes: readonly Route[], version = '1'): OpenApi {
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = (paths[route.path.replaceAll(PARAMETER, '{$1}')] ??= {});
    path[route.method.toLowerCase()] = operationOf(route);
  }
  return { openapi: '3.1.0', info: { title, version }, paths, components: COMPONENTS };
}

function operationOf(route: Route): Operation {
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^a-z0-9]+/gi, '_').replace(/_$/, '')}`,
    summary: route.summary,
    security: route.access === 'open' ? [] : [{ basic: [] }, { token: [] }],
    parameters: [...pathParameters(route), ...queryParameters(route)],
    ...(route.body === 'json' && { requestBody: requestBody(route) }),
    responses: responses(route),
  };
}

function pathParameters({ path, params }: Route): object[] {
  const { properties } = describe(params);
  return [...path.matchAll(PARAMETER)].map(([, name = '']) => {
    return { name, in: 'path', required: true, schema: properties[name] ?? { type: 'string' } };
  });
}

function queryParameters({ query }: Route): object[] {
  const { properties, required } = describe(query);
  return Object.entries(properties).map(([name, schema]) => {
    return { name, in: 'query', required: required.includes(name), schema };
  });
}

function requestBody({ schema }: Route): object {
  const described = schema ? jsonSchema(schema) : { type: 'object' };
  return { content: Object.fromEntries(PARSED_TYPES.map((type) => [type, { schema: described }])) };
}

function responses({ access, produces = 'application/json' }: Route): object {
  return {
    '2XX': { description: 'Done', content: { [produces]: {} } },
    ...(access !== 'open' && {
      401: { description: 'No valid login' },
      403: { description: `The login is not in the group ${access.group}` },
    }),
  };
}

function describe(schema: z.ZodType | undefined): { properties: Record<string, Schema>; required: readonly string[] } {
  if (!schema) return { properties: {}, required: [] };
  const { properties = {}, required = [] } = jsonSchema(schema);
  return { properties: properties as Record<string, Schema>, required };
}

function jsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}
