import { expect, it } from 'vitest'
import { z } from 'zod'
import { proof, provesIdentity } from './proves-identity.ts'

const password = proof(z.string())

it.each<[what: string, body: z.ZodType]>([
  ['a member', z.strictObject({ password })],
  [
    'a member that may be absent',
    z.strictObject({ a: z.string(), password: password.nullable().optional() }),
  ],
  ['a member with a default', z.strictObject({ password: password.default('') })],
  [
    'what is folded',
    z.strictObject({ password: proof(z.string().transform((text) => text.trim())).optional() }),
  ],
  ['what comes before a transform', z.strictObject({ a: password.transform(Number) })],
  ['what was described after it was marked', z.strictObject({ a: password.meta({ title: 'x' }).min(2) })],
  ['a refined object', z.strictObject({ password }).refine(() => true)],
  ['deep inside', z.strictObject({ a: z.array(z.strictObject({ b: z.record(z.string(), password) })) })],
  ['one of a union', z.union([z.strictObject({ a: z.string() }), z.strictObject({ password })])],
  ['one of a tuple', z.strictObject({ a: z.tuple([z.string(), password]) })],
])('a body with a proof as %s is told from others', (_what, body) => {
  expect(provesIdentity({ body })).toBe(true)
  expect(provesIdentity({ query: body })).toBe(true)
})

it('a body without one, and no body at all, prove nothing', () => {
  expect(provesIdentity({ body: z.strictObject({ name: z.string(), password: z.string() }) })).toBe(false)
  expect(provesIdentity({})).toBe(false)
})
