import { expect, it } from 'vitest'
import { describeModules } from '../src/openapi.ts'
import { listFields } from './fixtures/list-fields.ts'

it('every field that takes an e-mail address reads it by the one parser: any dot-atom, and domains in any script', () => {
  const fields = describeModules()
    .flatMap(({ endpoints }) => [...endpoints])
    .flatMap(({ id, body }) =>
      body === undefined ? [] : listFields(body).map((field) => ({ id, ...field })),
    )
    .filter(({ name, schema }) => /e?mail$/i.test(name) && schema['type'] !== 'boolean')
  expect(fields.length).toBeGreaterThanOrEqual(6)
  const elsewhere = fields.filter(
    ({ schema }) => schema['format'] !== 'email' || schema['pattern'] !== undefined,
  )
  expect(elsewhere.map(({ id, name }) => `${id}.${name}`)).toEqual([])
})
