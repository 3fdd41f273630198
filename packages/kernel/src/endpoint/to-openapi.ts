import { z } from 'zod'
import type { Access, Endpoint } from './endpoint.ts'

export type OpenApiInfo = {
  readonly title: string
  readonly version: string
  readonly description: string
}

/** A service's endpoints and how their refusals look. */
export type OpenApiSection = {
  readonly tag: string
  readonly description: string
  readonly endpoints: readonly Endpoint[]
  readonly errorSchema: z.ZodType
  readonly errorMediaType: string
  /** Status of each problem code. */
  readonly statuses: Readonly<Record<string, number>>
}

type JsonObject = { readonly [name: string]: unknown }

/** OpenAPI 3.1 of the endpoint table. Source: OpenAPI Specification 3.1.1; schemas are JSON Schema 2020-12. */
export function toOpenApi(info: OpenApiInfo, sections: readonly OpenApiSection[]): JsonObject {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const section of sections)
    for (const endpoint of section.endpoints) {
      const path = (paths[endpoint.path] ??= {})
      path[endpoint.method.toLowerCase()] = toOperation(section, endpoint)
    }
  return {
    openapi: '3.1.1',
    info: { ...info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: sections.map(({ tag, description }) => ({ name: tag, description })),
    paths: Object.fromEntries(Object.entries(paths).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of an org' },
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a log-in',
        },
      },
      schemas: Object.fromEntries(
        sections.map((section) => [`${section.tag}Error`, toSchema(section.errorSchema, 'output')]),
      ),
    },
  }
}

function toOperation(section: OpenApiSection, endpoint: Endpoint): JsonObject {
  const { access } = endpoint
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    tags: [section.tag],
    ...(endpoint.deprecated === true ? { deprecated: true } : {}),
    security: toSecurity(access),
    ...(access.kind === 'key' ? { 'x-scope': access.scope } : {}),
    ...(access.kind === 'session' ? { 'x-role': access.role } : {}),
    ...(access.kind === 'session' && access.instanceAdmin === true ? { 'x-instance-admin': true } : {}),
    ...(access.kind === 'public' ? { 'x-public-because': access.because } : {}),
    parameters: [...toParameters(endpoint.params, 'path'), ...toParameters(endpoint.query, 'query')],
    ...(endpoint.body === undefined ? {} : { requestBody: toRequestBody(endpoint.body) }),
    responses: { ...toSuccess(endpoint), ...toRefusals(section, endpoint) },
  }
}

function toSecurity(access: Access): readonly JsonObject[] {
  switch (access.kind) {
    case 'key':
      return [{ apiKey: [] }]
    case 'session':
      return [{ session: [] }]
    case 'public':
      return []
  }
}

function toParameters(schema: z.ZodType | undefined, place: 'path' | 'query'): readonly JsonObject[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = toSchema(schema, 'input') as {
    properties?: Record<string, JsonObject>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function toRequestBody(body: z.ZodType): JsonObject {
  return { required: true, content: { 'application/json': { schema: toSchema(body, 'input') } } }
}

function toSuccess({ reply, summary }: Endpoint): JsonObject {
  if (!('schema' in reply))
    return {
      [reply.status]: {
        description: summary,
        content: { [reply.mediaType]: { schema: { type: 'string' } } },
      },
    }
  if (reply.schema === null) return { [reply.status]: { description: summary } }
  return {
    [reply.status]: {
      description: summary,
      content: { 'application/json': { schema: toSchema(reply.schema, 'output') } },
    },
  }
}

function toRefusals(section: OpenApiSection, endpoint: Endpoint): JsonObject {
  const usual = ['VALIDATION_ERROR', 'RATE_LIMITED']
  if (endpoint.access.kind !== 'public') usual.push('UNAUTHORIZED', 'FORBIDDEN')
  if (endpoint.body !== undefined) usual.push('TOO_LARGE')
  const byStatus = Map.groupBy(
    new Set([...usual, ...endpoint.problems]),
    (code) => section.statuses[code] ?? 400,
  )
  const content = {
    [section.errorMediaType]: { schema: { $ref: `#/components/schemas/${section.tag}Error` } },
  }
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, codes]) => [status, { description: codes.join(', '), content }]),
  )
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _dialect, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  })
  return json
}
