import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { currentModel, modelOf, models } from './params-hash.ts'

/** RFC 8785 of what these parameters hold: names in order, numbers as ECMAScript writes them. */
function toCanonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toCanonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${toCanonical(member)}`).join(',')}}`
}

it('params-hash-matches-the-canonical-object', () => {
  const published = '4fea9face49ed2be1811f40fe9b7ef05024fd8cd332aefc889b58aa67a52f749'
  expect(currentModel.paramsHash).toBe(published)
  const { parameters } = currentModel
  expect(createHash('sha256').update(toCanonical(parameters)).digest('hex')).toBe(published)
  const changed = { ...parameters, threshold: 61 }
  expect(createHash('sha256').update(toCanonical(changed)).digest('hex')).not.toBe(published)
  expect(modelOf('oversight-1.0.0')).toEqual(currentModel)
  expect(Object.keys(models)).toContain(currentModel.version)
  expect(() => modelOf('oversight-9.9.9')).toThrow('There is no model oversight-9.9.9 in this build')
})
