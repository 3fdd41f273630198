import { expect, it } from 'vitest'
import { uuidPattern } from '../ids/index.ts'
import { toTestOrgId } from './test-org.ts'

const orgId = '0b6f2a58-4f07-4c1c-9d0e-6a8d1f6f3c11'

it('the test org of an org has an id of its own, always the same, of version 8 and the variant of RFC 9562', () => {
  const testOrgId = toTestOrgId(orgId)
  expect(testOrgId).toMatch(uuidPattern)
  expect(testOrgId).toMatch(/^.{14}8.{4}[89ab]/)
  expect(testOrgId).not.toBe(orgId)
  expect(toTestOrgId(orgId)).toBe(testOrgId)
})

it('two orgs never share a test org', () => {
  expect(toTestOrgId(orgId)).not.toBe(toTestOrgId(orgId.replace(/1$/, '2')))
})
