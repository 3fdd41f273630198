import type { z } from 'zod'
import { type ExampleOf, toExample } from './to-example.ts'
import type { JsonSchema, JsonSchemas } from './to-json-schema.ts'

export type Components = {
  readonly schemas: JsonSchemas
  readonly responses: Record<string, JsonSchema>
}

/** The OpenAPI content of a body: its schema, with an example. */
export function toContent(
  { schemas }: Components,
  schema: z.ZodType,
  of: ExampleOf,
  given: unknown,
): Readonly<Record<string, JsonSchema>> {
  const json = schemas.add(schema, of === 'request' ? 'input' : 'output')
  const example = given ?? toExample(json, schemas.components, of)
  return { 'application/json': { schema: json, example } }
}
