import { expect, it } from 'vitest'
import { createTrustedProxies } from './trusted-proxies.ts'

const isTrusted = createTrustedProxies(['10.0.0.0/8', '::1/128', 'fc00::/7'])

it.each([
  ['10.0.0.0', true],
  ['10.255.255.255', true],
  ['9.255.255.255', false],
  ['11.0.0.0', false],
  ['::1', true],
  ['::2', false],
  ['fdff::1', true],
  ['fe00::1', false],
  ['', false],
  ['10.0.0.1.', false],
])('%s stands in the networks of the proxies: %s', (address, expected) => {
  expect(isTrusted(address)).toBe(expected)
})
