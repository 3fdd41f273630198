import { describe, expect, it } from 'vitest'
import { judgeAddress } from './judge-address.ts'
import { parseEgressAllowance } from './parse-egress-allowance.ts'

describe('the egress allowance', () => {
  it('keeps each entry as written, with its range and port', () => {
    expect(parseEgressAllowance('10.0.0.0/8 , 127.0.0.0/8:8080,[::1]:9,::1').ranges).toEqual([
      { text: '10.0.0.0/8', family: 4, first: [0x0a000000], last: [0x0affffff], port: undefined },
      { text: '127.0.0.0/8:8080', family: 4, first: [0x7f000000], last: [0x7fffffff], port: 8080 },
      { text: '[::1]:9', family: 6, first: [0, 0, 0, 1], last: [0, 0, 0, 1], port: 9 },
      { text: '::1', family: 6, first: [0, 0, 0, 1], last: [0, 0, 0, 1], port: undefined },
    ])
  })

  it.each(['', '  '])('%j allows nothing', (text) => expect(parseEgressAllowance(text).ranges).toEqual([]))

  it.each([
    ['10.0.0.0/33', 'not an address or a CIDR range'],
    ['10.0.0.1/8', 'not an address or a CIDR range'],
    ['10.0.0.0/', 'not an address or a CIDR range'],
    ['10.0.0.0/08', 'not an address or a CIDR range'],
    ['::/129', 'not an address or a CIDR range'],
    ['localhost', 'not an address or a CIDR range'],
    ['127.1:80', 'not an address or a CIDR range'],
    ['127.0.0.1:80x', 'not an address or a CIDR range'],
    ['127.0.0.1:0', 'port outside 1 to 65535'],
    ['127.0.0.1:65536', 'port outside 1 to 65535'],
    ['169.254.169.254', 'can never be allowed'],
    ['169.254.169.254/32:80', 'can never be allowed'],
    ['[fd00:ec2::254]:80', 'can never be allowed'],
    ['::ffff:169.254.169.254', 'can never be allowed'],
    ['64:ff9b:1::/48', 'can never be allowed'],
  ])('names the entry %s and why it is refused', (entry, why) => {
    expect(() => parseEgressAllowance(`10.0.0.0/8,${entry}`)).toThrow(entry)
    expect(() => parseEgressAllowance(`10.0.0.0/8,${entry}`)).toThrow(why)
  })

  it('accepts a range around a metadata address, which stays shut inside it', () => {
    const allow = parseEgressAllowance('169.254.169.254/31')
    expect(judgeAddress('169.254.169.254', allow).allowed).toBe(false)
    expect(judgeAddress('169.254.169.255', allow).allowed).toBe(true)
  })

  it('refuses an empty entry', () => {
    expect(() => parseEgressAllowance('10.0.0.0/8,,::1')).toThrow('empty entry')
  })
})
