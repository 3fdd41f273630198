import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Mailer } from '../../mail/index.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { createOwner } from './create-owner.ts'
import { isInstanceAdmin } from './is-instance-admin.ts'

let platform: TestPlatform
let first: string
let second: string
let verified: string
const password = 'correct horse battery'
const named = (email: string): readonly string[] => ['ops@example.com', email]
const withoutMail: Mailer = {
  isConfigured: false,
  send: async () => ({ outcome: 'failed', because: 'none' }),
}

beforeAll(async () => {
  platform = await startTestPlatform()
  const { deps, clock, found } = platform
  const create = async (email: string): Promise<string> => {
    clock.advance(1)
    return (await createOwner(deps, { email, password, name: 'P', orgName: 'Org' })).userId
  }
  first = await create('first@example.com')
  second = await create('second@example.com')
  verified = (await found()).userId
})
afterAll(() => platform.database.drop())

const judge = (userId: string, admins: readonly string[], mailer = platform.deps.mailer) =>
  isInstanceAdmin({ ...platform.deps, mailer, admins }, userId)

it('whoever is named and has verified the address administers', async () => {
  const address = `${verified.toLowerCase()}@example.com`
  expect(await judge(verified, named(address))).toBe(true)
  expect(await judge(verified, named(address), withoutMail)).toBe(true)
})

it('whoever is not named does not', async () => {
  expect(await judge(verified, [])).toBe(false)
  expect(await judge(verified, named('first@example.com'))).toBe(false)
  expect(await judge('01ARZ3NDEKTSV4RRFFQ69G5FAV', named('first@example.com'))).toBe(false)
})

it('an address that was only claimed is not enough where mail can verify it', async () => {
  expect(await judge(first, named('first@example.com'))).toBe(false)
})

it('without mail the first person administers, and nobody who came later', async () => {
  expect(await judge(first, named('first@example.com'), withoutMail)).toBe(true)
  expect(await judge(second, named('second@example.com'), withoutMail)).toBe(false)
})
