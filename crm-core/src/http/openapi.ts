import { z } from 'zod';
import * as contract from '../../contract';
import { ERROR_TABLE } from './error-table';
import type { Route } from './route';

type Json = Record<string, unknown>;

const REF = (name: string) => `#/components/schemas/${name}`;

/** The contract's schemas by their exported names, so that the document refers to them instead of repeating them. */
const registry = z.registry<{ id: string }>();
for (const [name, exported] of Object.entries(contract)) {
  if (exported instanceof z.ZodType && !(exported instanceof z.ZodUndefined)) registry.add(exported, { id: name });
}

/** OpenAPI 3.1 of the routes, made from the schemas that check the requests. */
export function openApiDocument(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hotline CRM core', version },
    paths,
    components: { schemas: componentSchemas(), securitySchemes: SECURITY },
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

function componentSchemas(): Json {
  const { schemas } = z.toJSONSchema(registry, { uri: REF, io: 'input', unrepresentable: 'any' });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, cleaned(schema)]));
}

function operation(route: Route): Json {
  const { access, params, query, body } = route;
  const parameters = [...parametersOf(params, 'path'), ...parametersOf(query, 'query')];
  return {
    summary: route.summary,
    operationId: operationId(route),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body) } }),
    responses: {
      ...successOf(route),
      default: { description: `Refused: ${Object.keys(ERROR_TABLE).join(', ')}.`, content: json(contract.ErrorBody) },
    },
    security: access === 'public' ? [] : [...(access.permissions ? [{ session: [] }] : []), ...(access.machine ? [{ machine: [] }] : [])],
    ...(access !== 'public' && access.permissions?.length ? { 'x-permissions': access.permissions } : {}),
  };
}

function successOf({ answer, media }: Route): Json {
  if (media !== undefined)
    return { 200: { description: 'OK', content: { [media]: {} } }, 206: { description: 'Part of it.', content: { [media]: {} } } };
  return answer === undefined ? { 204: { description: 'Done.' } } : { 200: { description: 'OK', content: json(answer) } };
}

function operationId({ method, path }: Route): string {
  const words = path.split('/').flatMap((part) => (part.startsWith(':') ? ['by', part.slice(1)] : part.split('-')));
  return [method, ...words]
    .filter((word) => word !== '')
    .map((word, index) => (index === 0 ? word : word[0]?.toUpperCase() + word.slice(1)))
    .join('');
}

function json(schema: z.ZodType): Json {
  const name = registry.get(schema)?.id;
  return { 'application/json': { schema: name === undefined ? inline(schema) : { $ref: REF(name) } } };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = inline(schema) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: of,
  }));
}

function inline(schema: z.ZodType): Json {
  return cleaned(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

function cleaned({ $schema: _schema, $id: _id, id: _name, ...schema }: Json): Json {
  return schema;
}
