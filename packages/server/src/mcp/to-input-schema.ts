import type { Endpoint, Tool } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'

type Schema = { readonly [keyword: string]: unknown }

export type InputSchema = {
  readonly type: 'object'
  readonly properties: Readonly<Record<string, object>>
  readonly required: string[]
  readonly additionalProperties: boolean
  readonly $defs?: Readonly<Record<string, object>>
}

/** The path, query and body of an endpoint, as the arguments of one call. */
export function toInputSchema(endpoint: Endpoint, { name, preview }: Tool): InputSchema {
  const { params, query, body, documentedBody } = endpoint
  const parts = [params, query, documentedBody ?? body].flatMap((schema) =>
    schema === undefined ? [] : [toPart(schema)],
  )
  const properties: Record<string, object> = {}
  for (const part of [...parts, ownPart(endpoint, preview)])
    for (const [argument, schema] of Object.entries(part.properties)) {
      if (Object.hasOwn(properties, argument))
        throw new Error(`The tool ${name} has two arguments ${argument}`)
      properties[argument] = schema
    }
  const definitions = Object.fromEntries(parts.flatMap((part) => Object.entries(part.definitions)))
  return {
    type: 'object',
    properties,
    required: parts.flatMap(({ required }) => required),
    additionalProperties: parts.some(({ isOpen }) => isOpen),
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  }
}

/**
 * The arguments of a tool with several operations: `what` selects one of them. Another argument is required only if all
 * of them require it.
 */
export function toInputSchemaOfSeveral(
  forms: readonly { readonly what: string; readonly means: string; readonly inputSchema: InputSchema }[],
): InputSchema {
  const { properties, required, isOpen } = merge(
    forms.map(({ inputSchema }) => ({ ...inputSchema, isOpen: inputSchema.additionalProperties })),
  )
  const definitions = Object.fromEntries(
    forms.flatMap(({ inputSchema }) => Object.entries(inputSchema.$defs ?? {})),
  )
  const what = {
    type: 'string',
    enum: forms.map((form) => form.what),
    description: forms.map((form) => `${form.what}: ${form.means}`).join('. '),
  }
  return {
    type: 'object',
    properties: { what, ...properties },
    required: ['what', ...required],
    additionalProperties: isOpen,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions }),
  }
}

type Part = {
  readonly properties: Readonly<Record<string, object>>
  readonly required: readonly string[]
  readonly definitions: Readonly<Record<string, object>>
  readonly isOpen: boolean
}

/** The additional arguments of the tool, which take the place of HTTP headers; none for a read-only tool. */
function ownPart({ method }: Endpoint, preview: Tool['preview']): Pick<Part, 'properties'> {
  if (preview === undefined) return { properties: {} }
  return {
    properties: {
      preview: {
        type: 'boolean',
        description: 'If true, the reply describes what the call would do, and nothing is changed',
      },
      ...(method === 'POST'
        ? {
            idempotency_key: {
              type: 'string',
              minLength: 1,
              maxLength: 255,
              description:
                'A unique key for this call. Calls with the same key and arguments are executed once within 24 hours',
            },
          }
        : {}),
    },
  }
}

function toPart(schema: z.ZodType): Part {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  // Safe: zod writes definitions as an object of schemas.
  const definitions = (json.$defs ?? {}) as Record<string, object>
  return { ...toObject(json, definitions), definitions }
}

/** The members of an object schema; of a union, every member of any form, required if all forms require it. */
function toObject(schema: Schema, definitions: Readonly<Record<string, object>>): Omit<Part, 'definitions'> {
  const { $ref } = schema
  if (typeof $ref === 'string') {
    // Safe: zod refers only to definitions in the same document.
    const named = definitions[$ref.replace('#/$defs/', '')] as Schema | undefined
    if (named === undefined) throw new Error(`Nothing is defined as ${$ref}`)
    return toObject(named, definitions)
  }
  // Safe: in JSON Schema both are lists of schemas.
  const forms = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined
  if (forms !== undefined) return merge(forms.map((form) => toObject(form, definitions)))
  if (schema['type'] !== 'object') throw new Error('The arguments of a tool must be an object')
  return {
    // Safe: JSON Schema defines these members of an object schema.
    properties: (schema['properties'] ?? {}) as Record<string, object>,
    required: (schema['required'] ?? []) as readonly string[],
    isOpen: schema['additionalProperties'] !== false,
  }
}

function merge(forms: readonly Omit<Part, 'definitions'>[]): Omit<Part, 'definitions'> {
  const names = new Set(forms.flatMap(({ properties }) => Object.keys(properties)))
  const properties = [...names].map((name) => {
    const found = forms.flatMap(({ properties: own }) => own[name] ?? [])
    const distinct = [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
    return [name, distinct.length === 1 ? distinct[0] : { anyOf: distinct }] as const
  })
  return {
    // Safe: each name was taken from a form that has it.
    properties: Object.fromEntries(properties) as Record<string, object>,
    required: [...names].filter((name) => forms.every(({ required }) => required.includes(name))),
    isOpen: forms.some(({ isOpen }) => isOpen),
  }
}
