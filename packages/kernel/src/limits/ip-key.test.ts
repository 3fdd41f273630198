import { expect, it } from 'vitest'
import { ipKey } from './ip-key.ts'

it.each([
  ['an IPv4 address by itself', '203.0.113.7', '203.0.113.7'],
  ['its neighbour apart', '203.0.113.8', '203.0.113.8'],
  ['an IPv6 address by its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['the first address of a /64 with the others', '2001:db8:1:2::', '2001:db8:1:2::/64'],
  ['the last address of a /64 with the others', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
  ['the next /64 apart', '2001:db8:1:3::', '2001:db8:1:3::/64'],
  ['another spelling of the same address as the same', '2001:0DB8:0001:0002::0001', '2001:db8:1:2::/64'],
  ['a zone as no part of the address', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['a mapped address as IPv4', '::ffff:203.0.113.7', '203.0.113.7'],
  ['a mapped address in hexadecimal as IPv4', '::FFFF:cb00:7107', '203.0.113.7'],
  ['an invented address with every other', 'whatever I like', 'unknown'],
  ['no address with them', '', 'unknown'],
  ['an ambiguous IPv4 spelling with them', '0313.0.113.7', 'unknown'],
])('a limit counts %s', (_what, address, key) => {
  expect(ipKey(address)).toBe(key)
})
