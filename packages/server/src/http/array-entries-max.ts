import { z } from 'zod'

// Safe: zod returns JSON Schema; only these members hold further schemas.
type JsonSchema = Readonly<
  Partial<
    Record<'items' | 'prefixItems' | 'additionalProperties' | 'anyOf' | 'oneOf' | 'allOf', unknown> & {
      type: string
      maxItems: number
      properties: Record<string, unknown>
      $defs: Record<string, unknown>
    }
  >
>

const known = new WeakMap<z.ZodType, number>()

/** For a shorter list, the error of the schema is more precise. */
const least = 100
/** The limit for lists that a schema does not bound or describe. */
const ofUnknown = 1_000

/** The longest list that is passed to a schema: the longest that it accepts anywhere. */
export function arrayEntriesMaxOf(schema: z.ZodType): number {
  const before = known.get(schema)
  if (before !== undefined) return before
  const longest = longestOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }))
  const found = longest === Infinity ? ofUnknown : Math.max(longest, least)
  known.set(schema, found)
  return found
}

function longestOf(schema: unknown): number {
  if (typeof schema !== 'object' || schema === null) return 0
  if (Array.isArray(schema)) return Math.max(0, ...schema.map(longestOf))
  // Safe: it is an object, and each member is checked as unknown before it is used.
  const { type, maxItems = Infinity, properties, $defs, ...rest } = schema as JsonSchema
  // A schema without any rule accepts everything.
  if (Object.keys(schema).length === 0) return Infinity
  const inner = [rest.items, rest.prefixItems, rest.additionalProperties, rest.anyOf, rest.oneOf, rest.allOf]
  const named = [properties, $defs].flatMap((schemas) => Object.values(schemas ?? {}))
  return Math.max(type === 'array' ? maxItems : 0, ...[...inner, ...named].map(longestOf))
}
