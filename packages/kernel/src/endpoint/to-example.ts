import type { JsonSchema } from './to-json-schema.ts'

/** Which members an example has: those that a caller must send, or all that a reply can hold. */
export type ExampleOf = 'request' | 'reply'

/**
 * An example value for a schema: made from the examples of the schema and its members, and plain values for the rest.
 */
export function toExample(
  schema: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
  of: ExampleOf,
): unknown {
  if (typeof schema['$ref'] === 'string') {
    const target = components[schema['$ref'].slice('#/components/schemas/'.length)]
    if (target === undefined) throw new Error(`There is no component ${schema['$ref']}`)
    return toExample(target, components, of)
  }
  const { examples, const: constant, enum: choices, default: unset } = schema
  if (Array.isArray(examples)) return examples[0]
  if (constant !== undefined) return constant
  if (Array.isArray(choices)) return choices[0]
  if (unset !== undefined) return unset
  const branches = [schema['oneOf'] ?? schema['anyOf'] ?? schema['allOf'] ?? []].flat()
  // Safe: JSON Schema's combinators hold schemas.
  if (branches[0] !== undefined) return toExample(branches[0] as JsonSchema, components, of)
  return toTypedExample(schema, components, of)
}

function toTypedExample(
  schema: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
  of: ExampleOf,
): unknown {
  switch ([schema['type']].flat()[0]) {
    case 'object':
      return toObjectExample(schema, components, of)
    case 'array':
      // Safe: each item of a tuple has a schema.
      if (Array.isArray(schema['prefixItems']))
        return (schema['prefixItems'] as JsonSchema[]).map((item) => toExample(item, components, of))
      // Safe: the items of an array have a schema.
      return [toExample((schema['items'] ?? {}) as JsonSchema, components, of)]
    case 'string':
      return toStringExample(schema)
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' && schema['minimum'] > 0 ? schema['minimum'] : 1
    case 'boolean':
      return true
    case 'null':
      return null
    default:
      return {}
  }
}

export function toObjectExample(
  { properties = {}, required = [] }: JsonSchema,
  components: Readonly<Record<string, JsonSchema>>,
  of: ExampleOf,
): Readonly<Record<string, unknown>> {
  // Safe: an object's properties are schemas by name.
  const members = Object.entries(properties as Readonly<Record<string, JsonSchema>>)
  const isNamed = (name: string): boolean => Array.isArray(required) && required.includes(name)
  return Object.fromEntries(
    members
      .filter(([name]) => of === 'reply' || isNamed(name))
      .map(([name, member]) => [name, isId(name, member) ? exampleId : toExample(member, components, of)]),
  )
}

const exampleId = '01K7Z3N8Q4W2X5Y6A7B8C9D0EF'

function isId(name: string, { type, examples, pattern }: JsonSchema): boolean {
  // An id that users choose has a pattern of its own.
  const isOurs = typeof pattern !== 'string' || new RegExp(pattern, 'u').test(exampleId)
  return [type].flat()[0] === 'string' && examples === undefined && isOurs && /(?:^id|Id)$/.test(name)
}

function toStringExample({ format, pattern }: JsonSchema): string {
  switch (format) {
    case 'date-time':
      return '2026-01-31T12:00:00.000Z'
    case 'date':
      return '2026-01-31'
    case 'email':
      return 'mia@example.com'
    case 'uuid':
      return '0199a3c4-5d6e-7f80-9a1b-2c3d4e5f6071'
    default:
      return (
        plainTexts.find((text) => typeof pattern !== 'string' || new RegExp(pattern, 'u').test(text)) ??
        'text'
      )
  }
}

/** Candidates for a text, of which the first that satisfies the schema is used: a word, and a hash in hex. */
const plainTexts = ['text', '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08']
