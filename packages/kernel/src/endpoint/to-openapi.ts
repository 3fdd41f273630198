import type { Access, Endpoint } from './endpoint.ts'
import { headerOf, headers, parameterOf, parameters, text } from './openapi-headers.ts'
import { createJsonSchemas, type JsonSchema } from './to-json-schema.ts'
import { type Components, toContent } from './to-content.ts'
import { toObjectExample } from './to-example.ts'
import { type OpenApiWebhook, toWebhooks, webhookParameters } from './to-openapi-webhooks.ts'
import { z } from 'zod'

export type OpenApiInfo = {
  readonly title: string
  readonly version: string
  readonly description: string
}

/** A service's endpoints and the format of its errors. */
export type OpenApiSection = {
  readonly tag: string
  readonly description: string
  readonly endpoints: readonly Endpoint[]
  readonly errorSchema: z.ZodType
  readonly errorMediaType: string
  /** The code and the status under which clients see each problem. */
  readonly refusals: Readonly<
    Record<string, { readonly code: string; readonly status: number; readonly title: string }>
  >
}

/**
 * Generates the OpenAPI 3.1 document of the endpoint table. Source: OpenAPI Specification 3.1.1; schemas are JSON
 * Schema 2020-12.
 */
export function toOpenApi(
  info: OpenApiInfo,
  sections: readonly OpenApiSection[],
  webhooks: readonly OpenApiWebhook[] = [],
): JsonSchema {
  const components: Components = { schemas: createJsonSchemas(), responses: {} }
  const paths: Record<string, Record<string, unknown>> = {}
  for (const section of sections)
    for (const endpoint of section.endpoints) {
      const path = (paths[endpoint.path] ??= {})
      path[endpoint.method.toLowerCase()] = toOperation(components, section, endpoint)
    }
  return {
    openapi: '3.1.1',
    info: { ...info, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    tags: sections.map(({ tag, description }) => ({ name: tag, description })),
    paths: sorted(paths),
    ...(webhooks.length === 0 ? {} : { webhooks: toWebhooks(components, webhooks) }),
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of an organisation' },
        session: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'The access token of a user session',
        },
        link: {
          type: 'http',
          scheme: 'bearer',
          description: 'The token of an access link that an organisation created for an operator',
        },
        masterKey: {
          type: 'apiKey',
          in: 'header',
          name: 'X-API-Key',
          description: 'The master key for the automation of the instance operator, set in the configuration',
        },
      },
      headers,
      parameters: { ...parameters, ...(webhooks.length === 0 ? {} : webhookParameters) },
      responses: sorted(components.responses),
      schemas: sorted(components.schemas.components),
    },
  }
}

const always = { 'X-Request-Id': headerOf('RequestId') }
const counted = { RateLimit: headerOf('RateLimit'), 'RateLimit-Policy': headerOf('RateLimitPolicy') }

function toOperation(components: Components, section: OpenApiSection, endpoint: Endpoint): JsonSchema {
  const { access, example } = endpoint
  return {
    operationId: endpoint.id,
    summary: endpoint.summary,
    ...(endpoint.description === undefined ? {} : { description: endpoint.description }),
    tags: [section.tag],
    ...(endpoint.deprecated === true ? { deprecated: true } : {}),
    security: toSecurity(access),
    ...(access.kind === 'key' ? { 'x-scope': access.scope } : {}),
    ...(access.kind === 'master' ? { 'x-master-key': access.secret } : {}),
    ...(access.kind === 'session' ? { 'x-role': access.role } : {}),
    ...(access.kind === 'session' && access.instanceAdmin === true ? { 'x-instance-admin': true } : {}),
    ...(access.kind === 'public' ? { 'x-public-because': access.because } : {}),
    ...('socket' in endpoint.reply ? { 'x-websocket': { protocols: endpoint.reply.socket.protocols } } : {}),
    parameters: [
      ...toParameters(components, endpoint.params, 'path', example?.params),
      ...toParameters(components, endpoint.query, 'query', example?.query),
      ...toHeaderParameters(endpoint),
    ],
    ...toRequestBody(components, endpoint),
    responses: { ...toSuccess(components, endpoint), ...toRefusals(components, section, endpoint) },
  }
}

function toSecurity(access: Access): readonly JsonSchema[] {
  switch (access.kind) {
    case 'key':
      return [{ apiKey: [] }, ...(access.orMaster === undefined ? [] : [{ masterKey: [] }])]
    case 'master':
      return [{ masterKey: [] }]
    case 'session':
      return [{ session: [] }]
    case 'link':
      return [{ link: [] }]
    case 'public':
      return access.orKey === true ? [{}, { apiKey: [] }, { session: [] }] : []
  }
}

function toParameters(
  { schemas }: Components,
  schema: z.ZodType | undefined,
  place: 'path' | 'query',
  examples: Readonly<Record<string, string>> = {},
): readonly JsonSchema[] {
  if (schema === undefined) return []
  // Safe: parameters are described by an object schema, whose properties are schemas by name.
  const { properties = {}, required = [] } = schemas.add(schema, 'input') as {
    properties?: Record<string, JsonSchema>
    required?: readonly string[]
  }
  const derived = toObjectExample({ properties }, schemas.components, 'reply')
  return Object.entries(properties).map(([name, { description, ...property }]) => {
    const isRequired = place === 'path' || required.includes(name)
    const given = examples[name]
    const example =
      given === undefined ? (isRequired ? derived[name] : undefined) : toTyped(given, property['type'])
    return {
      name,
      in: place,
      required: isRequired,
      ...(description === undefined ? {} : { description }),
      schema: property,
      ...(example === undefined ? {} : { example }),
    }
  })
}

/** A URL holds only text; the document shows a value of the parameter's type. */
function toTyped(written: string, type: unknown): string | number {
  return type === 'integer' || type === 'number' ? Number(written) : written
}

function toHeaderParameters({ access, method, reply, revealsSecret }: Endpoint): readonly JsonSchema[] {
  const isSudo = access.kind === 'session' && access.sudo === true
  return [
    ...(isSudo ? [parameterOf('SudoToken')] : []),
    ...(isKeyed({ access, method }) ? [parameterOf('IdempotencyKey')] : []),
    ...(isTagged({ method, reply, revealsSecret }) ? [parameterOf('IfNoneMatch')] : []),
  ]
}

/** Whether the endpoint supports an `Idempotency-Key`. */
function isKeyed({ access, method }: Pick<Endpoint, 'access' | 'method'>): boolean {
  return method === 'POST' && access.kind !== 'public'
}

function isTagged({
  method,
  reply,
  revealsSecret,
}: {
  readonly method: Endpoint['method']
  readonly reply: Endpoint['reply']
  readonly revealsSecret: true | undefined
}): boolean {
  return method === 'GET' && revealsSecret !== true && 'schema' in reply && reply.schema !== null
}

/** The media type for an uploaded file, for clients that do not know the media type of a streamed body. */
export const fileMediaType = 'application/octet-stream'

function toRequestBody(
  components: Components,
  { body, documentedBody = body, textBody, streamedBody, example }: Endpoint,
): JsonSchema {
  if (streamedBody !== undefined)
    return {
      requestBody: {
        required: true,
        content: { [streamedBody]: { schema: text, example: '' }, [fileMediaType]: { schema: {} } },
      },
    }
  if (textBody === true)
    return { requestBody: { required: false, content: { '*/*': { schema: text, example: 'done' } } } }
  if (body === undefined || documentedBody === undefined) return {}
  const content = toContent(components, documentedBody, 'request', example?.body)
  return { requestBody: { required: !body.safeParse({}).success, content } }
}

function toSuccess(components: Components, endpoint: Endpoint): JsonSchema {
  const { reply, summary: description, example } = endpoint
  const replayed = isKeyed(endpoint) ? { 'Idempotency-Replayed': headerOf('IdempotencyReplayed') } : {}
  const usual = { ...always, ...counted, ...replayed }
  if ('socket' in reply) return { [reply.status]: { description, headers: usual } }
  if (!('schema' in reply))
    return Object.fromEntries(
      [reply.status, ...toOtherStatuses(reply)].map((status) => [
        status,
        { description, headers: usual, ...(status === 304 ? {} : { content: toPage(reply.mediaType) }) },
      ]),
    )
  if (reply.schema === null) return { [reply.status]: { description, headers: usual } }
  const content = toContent(components, reply.schema, 'reply', example?.reply)
  const also =
    reply.also === undefined
      ? {}
      : {
          [reply.also.status]: {
            description,
            headers: usual,
            content: toContent(components, reply.also.schema, 'reply', undefined),
          },
        }
  if (!isTagged({ ...endpoint, revealsSecret: endpoint.revealsSecret }))
    return { [reply.status]: { description, headers: usual, content }, ...also }
  const tagged = { ...usual, ETag: headerOf('ETag') }
  components.responses['NotModified'] ??= {
    description: 'The cached response is still current',
    headers: { ...always, ...counted, ETag: headerOf('ETag') },
  }
  return {
    [reply.status]: { description, headers: tagged, content },
    ...also,
    304: { $ref: '#/components/responses/NotModified' },
  }
}

/** The OpenAPI content of a body that is sent unchanged: text, or bytes and JSON that are not described further. */
function toPage(mediaType: string): JsonSchema {
  const [name = mediaType] = mediaType.split(';', 1)
  // OpenAPI 3.1 has no schema for one event of a stream, and tools take what stands here for it.
  const isText = /^(?:text|image)\//.test(name) && name !== 'text/event-stream'
  return { [name]: { schema: isText ? text : {} } }
}

function isForReaders({ access, reply }: Endpoint): boolean {
  return access.kind === 'public' && 'mediaType' in reply && !('events' in reply)
}

function toOtherStatuses(reply: Endpoint['reply']): readonly number[] {
  return 'otherStatuses' in reply ? (reply.otherStatuses ?? []) : []
}

/** The problems that the pipeline itself can answer, before and around the handler. */
function usualProblems(endpoint: Endpoint): readonly string[] {
  const { access, method, body, textBody, streamedBody, reply } = endpoint
  const isSession = access.kind === 'session'
  return [
    'VALIDATION_ERROR',
    ...(access.kind === 'public' ? [] : ['UNAUTHORIZED', 'FORBIDDEN']),
    ...(access.kind === 'public' && access.orKey === true ? ['UNAUTHORIZED'] : []),
    ...(isSession && access.sudo === true ? ['SUDO_REQUIRED'] : []),
    ...(isSession && access.instanceAdmin === true ? ['NOT_FOUND'] : []),
    ...(isKeyed(endpoint) ? ['IDEMPOTENCY_KEY_BUSY', 'IDEMPOTENCY_KEY_REUSED'] : []),
    ...(access.kind === 'master' && method !== 'GET' ? ['IDEMPOTENCY_KEY_REQUIRED'] : []),
    ...((method === 'GET' && body === undefined && textBody === undefined) || streamedBody !== undefined
      ? []
      : ['TOO_LARGE']),
    ...('socket' in reply ? ['UPGRADE_REQUIRED'] : []),
    ...('events' in reply ? ['TOO_MANY_STREAMS'] : []),
    'URI_TOO_LONG',
    'HEADERS_TOO_LARGE',
    'RATE_LIMITED',
    'INTERNAL',
    'UNAVAILABLE',
  ]
}

/** The refusal of a body that is not JSON, where a service answers it with a status of its own. */
function unreadableBody({ refusals }: OpenApiSection, { body }: Endpoint): readonly string[] {
  const isTold = refusals['INVALID_JSON']?.status !== refusals['VALIDATION_ERROR']?.status
  return body !== undefined && isTold ? ['INVALID_JSON'] : []
}

function toRefusals(components: Components, section: OpenApiSection, endpoint: Endpoint): JsonSchema {
  const { reply } = endpoint
  const usual = components.schemas.add(section.errorSchema, 'output')
  const { besideOutage } = endpoint
  const codes = [
    ...new Set([...usualProblems(endpoint), ...unreadableBody(section, endpoint), ...endpoint.problems]),
  ].toSorted()
  const byStatus = Map.groupBy(
    codes.map((code) => toKnown(section, endpoint, code)),
    ({ status }) => status,
  )
  return Object.fromEntries(
    [...byStatus]
      .toSorted(([a], [b]) => a - b)
      .map(([status, refusals]): [number, JsonSchema] => {
        const isOutage = status >= 500 && besideOutage !== undefined
        const schema = isOutage
          ? components.schemas.add(withMembers(section.errorSchema, besideOutage), 'output')
          : usual
        const refused = toRefusal(section, schema, status, refusals)
        // A browser that asks for what people read is refused by a page.
        const pages = isForReaders(endpoint) ? toPage('text/html') : {}
        const answer = { ...refused, content: { ...pages, ...refused.content } }
        // A page that refuses and a problem can have the same status.
        if ('mediaType' in reply && toOtherStatuses(reply).includes(status))
          return [status, { ...answer, content: { ...toPage(reply.mediaType), ...answer.content } }]
        const known = new Set(refusals.map(({ code }) => code))
        const beside = isOutage ? Object.values(besideOutage) : []
        const read = isForReaders(endpoint) ? ['page'] : []
        const name = [toName(usual) ?? section.tag, ...beside, ...read, ...known].join('.')
        components.responses[name] = answer
        return [status, { $ref: `#/components/responses/${name}` }]
      }),
  )
}

/** The error envelope with the members that stand beside it. */
function withMembers(envelope: z.ZodType, members: Readonly<Record<string, string>>): z.ZodType {
  if (!(envelope instanceof z.ZodObject)) throw new Error('Only an object has room for more members')
  const literals = Object.entries(members).map(([name, value]) => [name, z.literal(value)] as const)
  return z.strictObject({ ...envelope.shape, ...Object.fromEntries(literals) })
}

type Refusal = OpenApiSection['refusals'][string]

function toKnown({ refusals }: OpenApiSection, { id }: Endpoint, code: string): Refusal {
  const refusal = refusals[code]
  if (refusal === undefined) throw new Error(`${id} names the problem ${code}, which no table has`)
  return refusal
}

function toName({ $ref: reference }: JsonSchema): string | undefined {
  return typeof reference === 'string' ? reference.split('/').at(-1) : undefined
}

function toRefusal(
  { errorMediaType }: OpenApiSection,
  schema: JsonSchema,
  status: number,
  refusals: readonly Refusal[],
): JsonSchema & { readonly content: JsonSchema } {
  const mayWait = status === 409 || status === 429 || status === 503
  return {
    description: refusals.map(({ code, title }) => `\`${code}\`: ${title}`).join('; '),
    'x-problems': refusals.map(({ code }) => code),
    headers: {
      ...always,
      ...(status === 429 ? counted : {}),
      ...(mayWait ? { 'Retry-After': headerOf('RetryAfter') } : {}),
      ...(status === 401 ? { 'WWW-Authenticate': headerOf('WwwAuthenticate') } : {}),
    },
    content: { [errorMediaType]: { schema } },
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
