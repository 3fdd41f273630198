import { z } from 'zod'
import type { Target } from '../target.ts'
import { ask } from './ask.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const

const operation = z.looseObject({
  operationId: z.string(),
  tags: z.tuple([z.string()]).rest(z.string()),
  security: z.array(z.record(z.string(), z.unknown())).optional(),
  parameters: z
    .array(z.looseObject({ in: z.string().optional(), required: z.boolean().optional() }))
    .optional(),
  requestBody: z.looseObject({ content: z.record(z.string(), z.unknown()) }).optional(),
})
/** An example body: the OpenAPI document has one for each operation. */
const exampleOf = z.union([
  z.looseObject({ example: z.record(z.string(), z.unknown()) }).transform(({ example }) => example),
  z
    .looseObject({ examples: z.record(z.string(), z.object({ value: z.record(z.string(), z.unknown()) })) })
    .transform(({ examples }) => Object.values(examples)[0]?.value),
])

const document = z.object({
  paths: z.record(
    z.string(),
    z.looseObject(Object.fromEntries(methods.map((name) => [name, operation.optional()]))),
  ),
})

/** One operation, as the deployment's own OpenAPI document describes it. */
export type Operation = {
  readonly id: string
  /** The service that the operation belongs to. */
  readonly service: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** The credentials that authenticate a caller; empty when anyone may call. */
  readonly provenBy: readonly string[]
  readonly takesJson: boolean
  /** A valid body; undefined when the operation takes no object. */
  readonly example: Readonly<Record<string, unknown>> | undefined
  /** True when the query is checked before the body. */
  readonly needsQuery: boolean
}

/** All operations in the deployment's OpenAPI document. */
export async function listOperations(target: Target): Promise<readonly Operation[]> {
  const { paths } = await ask(target, document, '/openapi.json')
  return Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const parsed = operation.safeParse(item[method])
      return parsed.success ? [toOperation(path, method, parsed.data)] : []
    }),
  )
}

function toOperation(
  path: string,
  method: (typeof methods)[number],
  { operationId, tags, security = [], parameters = [], requestBody }: z.output<typeof operation>,
): Operation {
  // A security alternative without a name means that no credential is needed.
  const isOpen = security.length === 0 || security.some((one) => Object.keys(one).length === 0)
  return {
    id: operationId,
    service: tags[0],
    // Safe: each name in the list is a method in lower case.
    method: method.toUpperCase() as Operation['method'],
    path,
    provenBy: isOpen ? [] : security.flatMap((one) => Object.keys(one)),
    takesJson: requestBody?.content['application/json'] !== undefined,
    example: exampleOf.safeParse(requestBody?.content['application/json']).data,
    needsQuery: parameters.some((one) => one.in === 'query' && one.required === true),
  }
}

const unknownUlid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'

/** The path with ids that do not exist. */
export function withUnknownIds(path: string): string {
  return path.replaceAll(/\{\w+\}/g, unknownUlid)
}
