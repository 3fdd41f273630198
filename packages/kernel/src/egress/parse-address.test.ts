import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { isIP } from 'node:net'
import { describe, expect, it } from 'vitest'
import { parseAddress } from './parse-address.ts'

describe('parse-address', () => {
  it('reads every IPv4 address as its 32-bit number', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        expect(parseAddress(text)).toEqual({
          family: 4,
          words: [ipaddr.parse(text).toByteArray().reduce(toNumber, 0)],
        })
      }),
    )
  })

  it('reads every spelling of an IPv6 address as the WHATWG parser does', () => {
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1)
        const bytes = ipaddr.parse(canonical).toByteArray()
        const words = [0, 4, 8, 12].map((start) => bytes.slice(start, start + 4).reduce(toNumber, 0))
        expect(parseAddress(text)).toEqual({ family: 6, words })
      }),
    )
  })

  it('accepts nothing that Node.js would not dial as an address', () => {
    const nearAddresses = fc.stringMatching(/^[0-9a-fA-F:.%]{1,24}$/)
    fc.assert(
      fc.property(fc.oneof(nearAddresses, fc.string()), (text) => {
        const expected = text.includes('%') ? 0 : isIP(text)
        expect(parseAddress(text)?.family ?? 0).toBe(expected)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    '',
    '1',
    '1.2.3',
    '1.2.3.4.5',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.04',
    '1..2.3',
    '1.2.3.',
    '.1.2.3',
    '0x7f.0.0.1',
    ' 1.2.3.4',
    '1.2.3.4 ',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8:9',
    '1:2:3:4:5:6:7:8::',
    '::12345',
    '::g',
    '1:',
    ':1',
    '::1:',
    'fe80::1%eth0',
    '[::1]',
    '::1.2.3',
    '::1.2.3.4:5',
    '1:2:3:4:5:6:7:1.2.3.4',
    `${'0'.repeat(40)}::1`,
  ])('refuses %j', (text) => expect(parseAddress(text)).toBeUndefined())

  it.each([
    ['::', [0, 0, 0, 0]],
    ['::ffff:127.0.0.1', [0, 0, 0xffff, 0x7f000001]],
    ['1:2:3:4:5:6:7::', [0x10002, 0x30004, 0x50006, 0x70000]],
    ['::2:3:4:5:6:7:8', [2, 0x30004, 0x50006, 0x70008]],
    ['ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff]],
  ])('reads %s', (text, words) => expect(parseAddress(text)).toEqual({ family: 6, words }))
})

function toNumber(value: number, byte: number): number {
  return value * 256 + byte
}
