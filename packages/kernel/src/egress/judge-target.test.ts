import { describe, expect, it } from 'vitest'
import { noAllowance } from './egress-allowance.ts'
import { egressDefaults } from './egress-policy.ts'
import { hostileSpellings } from './fixtures/hostile-spellings.ts'
import { judgeTarget, type TargetInput, type TargetRefusal, type TargetRules } from './judge-target.ts'
import { parseEgressAllowance } from './parse-egress-allowance.ts'

const web: TargetRules = egressDefaults
const bare: TargetRules = { ...egressDefaults, schemes: ['tcp'] }
const mail: TargetRules = { ...bare, mailPorts: true, operatorConfigured: true }

function reasonOf(input: TargetInput, rules = web, allow = noAllowance): TargetRefusal | 'accepted' {
  const verdict = judgeTarget(input, rules, allow)
  return verdict.accepted ? 'accepted' : verdict.reason
}

describe('a target that may be saved', () => {
  it.each([
    [
      'https://Example.COM',
      { hostname: 'example.com', literal: false, scheme: 'https', port: 443, path: '/' },
    ],
    [
      'http://example.com.:8080/a?b#c',
      { hostname: 'example.com', literal: false, scheme: 'http', port: 8080, path: '/a?b' },
    ],
    [
      'https://bücher.example/',
      { hostname: 'xn--bcher-kva.example', literal: false, scheme: 'https', port: 443, path: '/' },
    ],
    ['http://0x08080808/', { hostname: '8.8.8.8', literal: true, scheme: 'http', port: 80, path: '/' }],
    [
      'http://[2606:4700:0::1111]/',
      { hostname: '2606:4700::1111', literal: true, scheme: 'http', port: 80, path: '/' },
    ],
  ])('%s is parsed', (url, target) => {
    expect(judgeTarget(url, web, noAllowance)).toEqual({ accepted: true, target })
  })

  it('a host and port is parsed in the same spellings, with or without brackets', () => {
    const target = { hostname: '2606:4700::1111', literal: true, scheme: 'tcp', port: 80, path: '' }
    for (const hostname of ['2606:4700:0::1111', '[2606:4700::1111]']) {
      expect(judgeTarget({ scheme: 'tcp', hostname, port: 80 }, bare, noAllowance)).toEqual({
        accepted: true,
        target,
      })
    }
  })

  it('an allowed range is accepted on its port alone', () => {
    const allow = parseEgressAllowance('127.0.0.1:8080')
    expect(reasonOf('http://127.0.0.1:8080/', web, allow)).toBe('accepted')
    expect(reasonOf('http://127.0.0.1:8081/', web, allow)).toBe('address')
  })
})

describe('a target that is refused', () => {
  it.each(hostileSpellings.filter((spelling) => !spelling.includes('private.test')))('%j', (spelling) => {
    expect(judgeTarget(spelling.replace('PORT', '8080'), web, noAllowance).accepted).toBe(false)
  })

  it.each<[url: string, TargetRefusal]>([
    ['', 'malformed'],
    ['example.com', 'malformed'],
    ['http://', 'malformed'],
    ['http://a..b/', 'malformed'],
    ['http://exa\tmple.com/', 'malformed'],
    ['http:\\\\example.com', 'malformed'],
    ['http://example.com/ ', 'malformed'],
    [' http://example.com/', 'malformed'],
    ['http://example.com/\u007f', 'malformed'],
    [`http://${'a'.repeat(64)}.com/`, 'malformed'],
    ['http://ex*mple.com/', 'malformed'],
    ['http://user@example.com/', 'userinfo'],
    ['http://:secret@example.com/', 'userinfo'],
    ['ftp://example.com/', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['http://example.com:0/', 'port'],
    ['http://example.com:25/', 'port'],
    ['https://example.com:465/', 'port'],
    ['http://example.com:587/', 'port'],
    ['http://localhost/', 'name'],
    ['http://x.y.local./', 'name'],
    ['http://192.168.0.1/', 'address'],
  ])('%s because of its %s', (url, reason) => expect(reasonOf(url)).toBe(reason))

  it.each([
    'http://example.com:24/',
    'http://example.com:26/',
    'http://example.com:1/',
    'http://example.com:65535/',
    'http://mylocal/',
    'http://localhost.example/',
    'http://notlocalhost/',
    'http://internal.example/',
  ])('but %s is not', (url) => expect(reasonOf(url)).toBe('accepted'))

  it.each([0, -1, 1.5, 65_536, Number.NaN])('port %d of a bare connection', (port) => {
    expect(reasonOf({ scheme: 'tcp', hostname: 'example.com', port }, bare)).toBe('port')
  })

  it.each([
    '',
    'a b',
    'example.com:80',
    'example.com/',
    'a@b',
    'a?b',
    'a#b',
    'a\\b',
    'exam\tple.com',
    '[::1',
    '::1]:80',
    'fe80::1%eth0',
  ])('host %j of a bare connection', (hostname) =>
    expect(reasonOf({ scheme: 'tcp', hostname, port: 80 }, bare)).toBe('malformed'),
  )

  it.each(['127.1', '0x7f.1', '①②⑦.0.0.1', '%3127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1.'])(
    'address %j of a bare connection',
    (hostname) => expect(reasonOf({ scheme: 'tcp', hostname, port: 80 }, bare)).toBe('address'),
  )

  it('a scheme or port that the policy does not name', () => {
    expect(reasonOf('http://example.com/', { ...web, schemes: ['https'] })).toBe('scheme')
    expect(reasonOf({ scheme: 'tls', hostname: 'example.com', port: 443 }, bare)).toBe('scheme')
    expect(reasonOf('https://example.com:8443/', { ...web, ports: [443] })).toBe('port')
    expect(reasonOf('https://example.com/', { ...web, ports: [443] })).toBe('accepted')
  })

  it('with a sentence that never names the address', () => {
    const verdict = judgeTarget('http://10.9.8.7/', web, noAllowance)
    expect(verdict).toMatchObject({ sentence: expect.stringMatching(/^This address .*\.$/) })
    expect(JSON.stringify(verdict)).not.toContain('10.9.8.7')
  })
})

describe('the mail sender', () => {
  it.each([25, 465, 587])('may use port %d, nobody else', (port) => {
    expect(reasonOf({ scheme: 'tcp', hostname: 'mx.example.com', port }, mail)).toBe('accepted')
    expect(reasonOf({ scheme: 'tcp', hostname: 'mx.example.com', port }, bare)).toBe('port')
  })

  it.each(['10.0.0.1', '127.0.0.1', 'localhost', 'relay.internal', 'fd00::1'])(
    'reaches the host that the operator configured: %s',
    (hostname) => expect(reasonOf({ scheme: 'tcp', hostname, port: 25 }, mail)).toBe('accepted'),
  )

  it.each(['169.254.169.254', '::ffff:169.254.169.254', 'metadata.google.internal'])(
    'never reaches %s',
    (hostname) => expect(reasonOf({ scheme: 'tcp', hostname, port: 25 }, mail)).not.toBe('accepted'),
  )
})
