import { expect, it } from 'vitest'
import type { ListedOrg } from '../platform/index.ts'
import { matchOrg } from './match-org.ts'

const org = (id: string, name: string, slug: string): ListedOrg => ({
  id,
  name,
  slug,
  plan: 'unlimited',
  createdAtMs: 0,
  suspendedAtMs: null,
})
const acme = org('7a3d0e0c-5a0b-4bb5-9d3b-0d8a7c1f2e3d', 'Acme', 'acme-1f2e')
const zoe = org('0b6f3a52-6f0e-4a57-8d0b-3a4f2b1c9d8e', 'Zoë & Söhne', 'zoe')
const slugged = org('1c7f3a52-6f0e-4a57-8d0b-3a4f2b1c9d8e', 'Other', 'acme')

it.each<[wanted: string, found: ListedOrg]>([
  ['acme', acme],
  ['ACME', acme],
  [' Acme ', acme],
  ['acme-1f2e', acme],
  ['7A3D0E0C-5A0B-4BB5-9D3B-0D8A7C1F2E3D', acme],
  ['zoë & söhne', zoe],
  ['ZOË & SÖHNE', zoe],
  ['Zoe\u0308 & So\u0308hne', zoe],
])('%s is found', (wanted, found) => {
  expect(matchOrg([acme, zoe], wanted)).toEqual({ kind: 'one', org: found })
})

it.each(['acm', '', 'acme 1f2e', '%'])('%s is not', (wanted) => {
  expect(matchOrg([acme, zoe], wanted)).toEqual({ kind: 'none' })
})

it('what means several is none of them; an id means one', () => {
  expect(matchOrg([acme, slugged], 'acme')).toEqual({ kind: 'several', orgs: [acme, slugged] })
  expect(matchOrg([acme, slugged], slugged.id)).toEqual({ kind: 'one', org: slugged })
})

it('without a word it is the only one', () => {
  expect(matchOrg([acme], undefined)).toEqual({ kind: 'one', org: acme })
  expect(matchOrg([], undefined)).toEqual({ kind: 'none' })
  expect(matchOrg([acme, zoe], undefined)).toMatchObject({ kind: 'several' })
})
