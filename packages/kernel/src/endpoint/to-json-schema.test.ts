import { expect, it } from 'vitest'
import { z } from 'zod'
import { jsonValue } from './fields.ts'
import { createJsonSchemas } from './to-json-schema.ts'

const pet = z.strictObject({ name: z.string() }).meta({ id: 'Pet' })

it('a schema with a name is written once and referred to', () => {
  const schemas = createJsonSchemas()
  const one = schemas.add(z.strictObject({ pet, others: z.array(pet) }), 'output')
  expect(one).toMatchObject({
    properties: {
      pet: { $ref: '#/components/schemas/Pet' },
      others: { items: { $ref: '#/components/schemas/Pet' } },
    },
  })
  expect(schemas.add(pet, 'output')).toEqual({ $ref: '#/components/schemas/Pet' })
  expect(schemas.components).toEqual({
    Pet: {
      type: 'object',
      properties: { name: { type: 'string' } },
      required: ['name'],
      additionalProperties: false,
    },
  })
})

it('two schemas of one name are refused', () => {
  const schemas = createJsonSchemas()
  schemas.add(pet, 'output')
  const other = z.strictObject({ age: z.int() }).meta({ id: 'Pet' })
  expect(() => schemas.add(other, 'output')).toThrow('Pet differs')
})

it('a schema that comes in otherwise than it goes out cannot have one name for both', () => {
  const schemas = createJsonSchemas()
  const withDefault = z.strictObject({ age: z.int().default(1) }).meta({ id: 'Age' })
  schemas.add(withDefault, 'input')
  expect(() => schemas.add(withDefault, 'output')).toThrow('Age differs')
})

it('a schema that refers to itself needs a name, and refers to it', () => {
  const schemas = createJsonSchemas()
  expect(() => schemas.add(z.json(), 'output')).toThrow('needs a name')
  schemas.add(jsonValue, 'output')
  expect(JSON.stringify(schemas.components['JsonValue'])).toContain('"$ref":"#/components/schemas/JsonValue"')
})
