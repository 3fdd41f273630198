import { z } from 'zod'

export type JsonSchema = { readonly [keyword: string]: unknown }

export type JsonSchemas = {
  /** The schema in the form that OpenAPI 3.1 embeds; schemas with an id become references. */
  readonly add: (schema: z.ZodType, io: 'input' | 'output') => JsonSchema
  /** All schemas with an id that were added so far, by id. */
  readonly components: Readonly<Record<string, JsonSchema>>
}

const unnamed = 'A schema that refers to itself needs a name: .meta({ id })'

/** Collects schemas for one document: a schema with `.meta({ id })` becomes a component of that name, once. */
export function createJsonSchemas(): JsonSchemas {
  const components: Record<string, JsonSchema> = {}
  const keep = (id: string, schema: JsonSchema): void => {
    if (id.startsWith('__')) throw new Error(unnamed)
    const known = components[id]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`The schema ${id} differs between what comes in and what goes out, or has a namesake`)
    components[id] = schema
  }
  return {
    components,
    add: (schema, io) => {
      const json = z.toJSONSchema(schema, {
        io,
        unrepresentable: 'any',
        target: 'draft-2020-12',
        override: ({ jsonSchema }) => makePortable(jsonSchema),
      })
      const { $schema: _dialect, $defs = {}, id, ...own } = toComponentReferences(json)
      // Safe: zod writes definitions as an object of schemas.
      for (const [name, { id: _id, ...definition }] of Object.entries($defs as Record<string, JsonSchema>))
        keep(name, definition)
      if (typeof id === 'string') {
        keep(id, own)
        return { $ref: `#/components/schemas/${id}` }
      }
      if (JSON.stringify(own).includes('"$ref":"#"')) throw new Error(unnamed)
      return own
    },
  }
}

/**
 * Removes the pattern where a format or a type says the same: the pattern is long, and not every regex engine accepts
 * it.
 */
function makePortable(schema: { type?: unknown; format?: unknown; pattern?: unknown }): void {
  if (schema.format !== undefined || schema.type === 'integer') delete schema.pattern
}

function toComponentReferences(json: JsonSchema): JsonSchema {
  const rewritten: unknown = JSON.parse(JSON.stringify(json), (keyword, value: unknown) => {
    if (keyword !== '$ref' || typeof value !== 'string') return value
    if (value === '#' && typeof json['id'] === 'string') return `#/components/schemas/${json['id']}`
    return value.replace('#/$defs/', '#/components/schemas/')
  })
  // Safe: an object is still an object after a round trip through JSON.
  return rewritten as JsonSchema
}
