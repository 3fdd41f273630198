import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { specialEdges, stepAddress } from './fixtures/special-edges.ts'
import { judgeAddress } from './judge-address.ts'
import { parseEgressAllowance } from './parse-egress-allowance.ts'

const allowEverything = parseEgressAllowance('0.0.0.0/0, ::/0')

describe('no-special-address-is-dialled: the judgement', () => {
  it.each(specialEdges)('$name: $first to $last is refused, its neighbours as they are', (range) => {
    expect(judgeAddress(range.first).allowed).toBe(false)
    expect(judgeAddress(range.last).allowed).toBe(false)
    const before = stepAddress(range.first, -1n)
    const after = stepAddress(range.last, 1n)
    if (before !== undefined) expect(judgeAddress(before).allowed).toBe(range.publicBefore)
    if (after !== undefined) expect(judgeAddress(after).allowed).toBe(range.publicAfter)
  })

  it.each([
    '1.1.1.1',
    '8.8.8.8',
    '223.255.255.255',
    '192.0.1.0',
    '2606:4700::1111',
    '2a00:1450::8a',
    '3ffe:ffff::1',
  ])('%s is public', (address) => expect(judgeAddress(address)).toEqual({ allowed: true }))

  it('refuses every address that ipaddr.js does not call unicast or one of the two public anycast blocks', () => {
    const publicByIana = new Set(['unicast', 'as112', 'as112v6', 'amt'])
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        if (!publicByIana.has(ipaddr.parse(text).range())) expect(judgeAddress(text).allowed).toBe(false)
      }),
      { numRuns: 20_000 },
    )
  })

  it.each(['', 'localhost', '127.1', '0x7f000001', 'fe80::1%eth0', '[::1]', '8.8.8.8:80'])(
    '%j is no address and is refused',
    (text) =>
      expect(judgeAddress(text, allowEverything)).toEqual({ allowed: false, reason: 'not_an_address' }),
  )
})

describe('metadata addresses are refused under every allowance', () => {
  it.each([
    '169.254.169.254',
    'fd00:ec2::254',
    '100.100.100.200',
    '192.0.0.192',
    '168.63.129.16',
    '169.254.170.2',
    'fd20:ce::254',
    'fe80::a9fe:a9fe',
    '::ffff:169.254.169.254',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
    '2001:0:1:2:3:4:5601:5601',
    '2a00::5efe:a9fe:a9fe',
    'fe80::200:5efe:a9fe:a9fe',
  ])('%s', (address) =>
    expect(judgeAddress(address, allowEverything)).toEqual({ allowed: false, reason: 'metadata' }),
  )

  it.each(['64:ff9b:1::a9fe:a9fe', '64:ff9b:1:a9fe:a9:fe00::'])(
    'local-use NAT64 could hide one: %s',
    (address) => {
      expect(judgeAddress(address, allowEverything)).toEqual({ allowed: false, reason: 'nat64_local' })
    },
  )

  it('the neighbours of a metadata address follow the allowance', () => {
    expect(judgeAddress('169.254.169.255', allowEverything)).toEqual({ allowed: true })
    expect(judgeAddress('fd00:ec2::255', allowEverything)).toEqual({ allowed: true })
  })
})

describe('an operator allows ranges', () => {
  const allow = parseEgressAllowance('10.1.0.0/16, 127.0.0.1:8080, [fd00:1::/32]:443, 64:ff9b::/96')

  it.each<[promise: string, address: string, port: number | undefined, allowed: boolean]>([
    ['the first address of the range', '10.1.0.0', 80, true],
    ['the last address of the range', '10.1.255.255', 80, true],
    ['the address before', '10.0.255.255', 80, false],
    ['the address after', '10.2.0.0', 80, false],
    ['the allowed port', '127.0.0.1', 8080, true],
    ['the next port', '127.0.0.1', 8081, false],
    ['no port at all', '127.0.0.1', undefined, false],
    ['the next loopback address', '127.0.0.2', 8080, false],
    ['an IPv6 range on its port', 'fd00:1:ffff::1', 443, true],
    ['an IPv6 range on another port', 'fd00:1:ffff::1', 80, false],
    ['a public address through the allowed translator', '64:ff9b::808:808', 80, true],
    ['an allowed private address through the allowed translator', '64:ff9b::a01:1', 80, true],
    ['another private address through the allowed translator', '64:ff9b::a02:1', 80, false],
    ['an allowed address in a wrapping that is not allowed', '::ffff:10.1.0.1', 80, false],
  ])('%s: %s port %s', (_promise, address, port, allowed) => {
    expect(judgeAddress(address, allow, port).allowed).toBe(allowed)
  })
})
