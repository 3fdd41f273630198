import { expect, it } from 'vitest'
import { z } from 'zod'
import { displayName } from './display-name.ts'
import { instant, text, wholeNumber } from './fields.ts'
import { toFieldFaults } from './to-field-faults.ts'

const body = z.strictObject({
  name: displayName(5),
  at: instant.optional(),
  note: text(1, 3).optional(),
  config: z.strictObject({
    timeoutMs: wholeNumber(1000, 30_000).optional(),
    method: z.enum(['GET', 'HEAD']).optional(),
  }),
  tags: z.array(z.string()).max(2).optional(),
  either: z
    .union([z.strictObject({ a: z.number() }), z.strictObject({ b: z.strictObject({ c: z.string() }) })])
    .optional(),
  auth: z
    .union([
      z.strictObject({ set: z.literal(true, { error: 'must be true' }) }),
      z.union([
        z.strictObject({ basic: z.strictObject({ user: z.string(), password: z.string() }) }),
        z.strictObject({ bearer: z.string() }),
      ]),
    ])
    .optional(),
  headers: z.record(z.string().regex(/^[a-z]+$/, 'must be named in letters'), z.string()).optional(),
})

const good = { name: 'x', config: {} }

it.each<[promise: string, input: unknown, fault: string]>([
  ['a missing field is required', { config: {} }, 'name: is required'],
  ['a wrong type says which is right', { ...good, name: 5 }, 'name: must be a string'],
  ['an unknown member is refused by name', { ...good, org_id: 'x' }, 'org_id: is not a known field'],
  ['a nested unknown member too', { ...good, config: { a: 1 } }, 'config.a: is not a known field'],
  [
    'a range names both ends',
    { ...good, config: { timeoutMs: 999 } },
    'config.timeoutMs: must be between 1000 and 30000',
  ],
  [
    'a fraction is not whole',
    { ...good, config: { timeoutMs: 1000.5 } },
    'config.timeoutMs: must be a whole number between 1000 and 30000',
  ],
  [
    'a name that is too long says how long it may be',
    { ...good, name: 'abcdef' },
    'name: must be 1 to 5 characters long',
  ],
  ['blanks are no name', { ...good, name: '  ' }, 'name: must be 1 to 5 characters long'],
  [
    'a name has no control characters',
    { ...good, name: 'a\u0007b' },
    'name: must not contain control characters',
  ],
  [
    'a text has nothing that no database holds',
    { ...good, note: 'a\0' },
    'note: must not contain U+0000 or half a character',
  ],
  [
    'half a character is none',
    { ...good, note: '\ud83d' },
    'note: must not contain U+0000 or half a character',
  ],
  [
    'a choice lists its words',
    { ...good, config: { method: 'PUT' } },
    'config.method: must be one of GET, HEAD',
  ],
  ['a list has a bound', { ...good, tags: ['a', 'b', 'c'] }, 'tags: must be a list of at most 2 entries'],
  ['a list entry is named by its place', { ...good, tags: ['a', 1] }, 'tags[1]: must be a string'],
  [
    'a time needs a zone',
    { ...good, at: '2026-01-01T00:00:00' },
    'at: must be an ISO 8601 time with a zone, such as 2026-01-31T12:00:00.000Z',
  ],
  ['a union names the nearest branch', { ...good, either: { b: { c: 1 } } }, 'either.b.c: must be a string'],
  [
    'a union within a union names the nearest branch of both',
    { ...good, auth: { basic: { user: 'ann' } } },
    'auth.basic.password: is required',
  ],
  [
    'there, a wrong type is named where it is',
    { ...good, auth: { bearer: null } },
    'auth.bearer: must be a string',
  ],
  [
    'a wrong name of a member says what names may be',
    { ...good, headers: { 'a b': 'c' } },
    'headers.a b: must be named in letters',
  ],
  ['what is no object names the whole', 'text', 'body: must be an object'],
])('a refusal names the member that is wrong: %s', (_promise, input, fault) => {
  const parsed = body.safeParse(input)
  expect(parsed.success).toBe(false)
  const faults = parsed.success ? [] : toFieldFaults(parsed.error, 'body')
  expect(faults.map(({ field, message }) => `${field}: ${message}`)[0]).toBe(fault)
})
