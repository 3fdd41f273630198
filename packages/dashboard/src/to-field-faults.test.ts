import { expect, it } from 'vitest'
import { toField, toFieldFaults } from './to-field-faults.ts'
import { toFaultSentence } from './words/field-fault-words.ts'

it('each field of a refusal gets what is said of it', () => {
  const said = 'config.hostname: is required; name: must be 1 to 100 characters long'
  expect([...(toFieldFaults(said) ?? [])]).toEqual([
    ['config.hostname', 'is required'],
    ['name', 'must be 1 to 100 characters long'],
  ])
})

it.each(['The monitor is paused', 'name: is required; and more', ''])(
  'what is about no field stays whole: “%s”',
  (said) => expect(toFieldFaults(said)?.size ?? 0).toBe(said.startsWith('name') ? 1 : 0),
)

it('a fault is said in the language of the person, and one that is not known as the server says it', () => {
  expect(toFaultSentence('must be 1 to 100 characters long', 'en')).toBe('Must be 1 to 100 characters long.')
  expect(toFaultSentence('must be 1 to 100 characters long', 'ja')).toBe('1 ～ 100 文字で入力してください。')
  expect(toFaultSentence('leads to a private address', 'ja')).toBe('Leads to a private address.')
})

it.each<[promise: string, path: string, field: string | undefined]>([
  ['a field shows what is said of it', 'config.url', 'config.url'],
  [
    'a field shows what is said of a part of it, before one with the same last word',
    'config.auth.header.name',
    'config.auth',
  ],
  ['a field shows what is said of a member of its list', 'config.headers[3]', 'config.headers'],
  ['a field without a path shows what ends in its name', 'owner.name', 'name'],
  ['what no field asks for belongs to none', 'config.hostname', undefined],
])('%s', (_promise, path, field) => {
  expect(toField(path, ['name', 'config.url', 'config.auth', 'config.headers'])).toBe(field)
})

it('a refusal names the cure, in both languages', () => {
  expect(toFaultSentence('this address may not be monitored', 'en')).toMatch(/GATEHOUSE_EGRESS_ALLOW/)
  expect(toFaultSentence('this address may not be monitored', 'ja')).toMatch(/GATEHOUSE_EGRESS_ALLOW/)
})
