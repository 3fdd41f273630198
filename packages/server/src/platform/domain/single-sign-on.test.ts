import { describe, expect, it } from 'vitest'
import { isDomainProven, toDomainRecord } from './single-sign-on.ts'

const domain = { domain: 'example.com', token: 'abc' }

describe('a domain is proven by the whole value of its record', () => {
  it.each<[string, readonly string[], boolean]>([
    ['as it was shown', ['gatehouse-domain-verification=abc'], true],
    ['among others', ['v=spf1 -all', 'gatehouse-domain-verification=abc'], true],
    ['with the quotes and blanks of a form', [' "gatehouse-domain-verification=abc" '], true],
    ['of another organisation', ['gatehouse-domain-verification=abd'], false],
    ['with more behind it', ['gatehouse-domain-verification=abcd'], false],
    ['in other letters', ['gatehouse-domain-verification=ABC'], false],
    ['not at all', [], false],
  ])('%s', (_how, texts, proven) => expect(isDomainProven(domain, texts)).toBe(proven))
})

it('the record stands below the domain, so that it is in nobody’s way', () => {
  expect(toDomainRecord(domain).name).toBe('_gatehouse.example.com')
})
