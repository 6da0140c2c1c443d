import type { z } from 'zod';
import { ErrorBody } from '../../contract/common';
import { ERROR_TABLE } from './error-table';
import { OpenApiSchemas, type Json } from './openapi-schemas';
import { statusesOf, type Route } from './route';

/** OpenAPI 3.1 of the routes, made from the schemas that check the requests and the statuses the router answers with. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const schemas = new OpenApiSchemas({
    bodies: routes.flatMap(({ body }) => body ?? []),
    answers: [ErrorBody, ...routes.flatMap(({ answer }) => answer ?? [])],
  });
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hotline CRM core', version },
    paths,
    components: { schemas: schemas.components(), securitySchemes: SECURITY },
  };
}

const SECURITY = {
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'hotline_session',
    description: 'Requests that change something also need the header x-csrf-token.',
  },
  machine: { type: 'http', scheme: 'bearer' },
};

const STATUS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Made.',
  204: 'Done.',
  206: 'Part of it.',
  304: 'What `If-None-Match` names is the newest.',
  416: 'There is no such part of it.',
};

function operation(route: Route, schemas: OpenApiSchemas): Json {
  const { access, body } = route;
  const parameters = [...parametersOf(schemas, route.params, 'path'), ...parametersOf(schemas, route.query, 'query'), ...headersOf(route)];
  return {
    summary: route.summary,
    operationId: operationId(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: schemas.request(body) } } } }),
    responses: {
      ...successesOf(route, schemas),
      default: { description: `Refused: ${Object.keys(ERROR_TABLE).join(', ')}.`, content: json(schemas, ErrorBody) },
    },
    security: access === 'public' ? [] : [...(access.permissions ? [{ session: [] }] : []), ...(access.machine ? [{ machine: [] }] : [])],
    ...(access !== 'public' && access.permissions?.length ? { 'x-permissions': access.permissions } : {}),
    ...(access !== 'public' && access.machine ? { 'x-scope': access.machine } : {}),
  };
}

function successesOf(route: Route, schemas: OpenApiSchemas): Json {
  const { answer, media, revalidates } = route;
  const statuses: number[] = [...statusesOf(route), ...(media === undefined ? [] : [416])];
  const content = media === undefined ? answer && json(schemas, answer) : { [media]: {} };
  const etag = revalidates === true ? { headers: { ETag: { schema: { type: 'string' } } } } : {};
  const hasBody = (status: number) => content !== undefined && status < 300;
  return Object.fromEntries(
    statuses.map((status) => [status, { description: STATUS[status], ...etag, ...(hasBody(status) ? { content } : {}) }]),
  );
}

function operationId({ method, path }: Route): string {
  const words = path.split('/').flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : part.split('-')));
  return [method, ...words]
    .filter((word) => word !== '')
    .map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('');
}

function json(schemas: OpenApiSchemas, schema: z.ZodType): Json {
  return { 'application/json': { schema: schemas.answer(schema) } };
}

function parametersOf(schemas: OpenApiSchemas, schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemas.parameters(schema);
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: of,
  }));
}

/** A machine sends no CSRF token; a route that is for both takes either. */
function headersOf({ method, access, revalidates }: Route): Json[] {
  const changes = method !== 'get' && access !== 'public' && access.permissions !== undefined;
  return [
    ...(changes ? [header('x-csrf-token', 'The `csrfToken` of the session.', access.machine === undefined)] : []),
    ...(revalidates === true ? [header('If-None-Match', 'The `ETag` of the answer that is there already.', false)] : []),
  ];
}

function header(name: string, description: string, required: boolean): Json {
  return { name, in: 'header', description, required, schema: { type: 'string' } };
}
