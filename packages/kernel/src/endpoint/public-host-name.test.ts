import { describe, expect, it } from 'vitest'
import { parsePublicHostName, publicHostName } from './public-host-name.ts'

describe('a-host-name-is-one-that-somebody-owns', () => {
  it.each([
    ['status.example.com', 'status.example.com'],
    ['Status.Example.COM', 'status.example.com'],
    ['status.example.com.', 'status.example.com'],
    ['状態.example.jp', 'xn--8huq10b.example.jp'],
    ['xn--8huq10b.example.jp', 'xn--8huq10b.example.jp'],
    ['status。example。com。', 'status.example.com'],
    ['example.co.uk', 'example.co.uk'],
    ['acme.github.io', 'acme.github.io'],
    ['site.test', 'site.test'],
  ])('%s is %s', (text, name) => {
    expect(parsePublicHostName(text)).toEqual({ accepted: true, name })
  })

  it.each([
    ['192.0.2.1', 'IP address'],
    ['2001:db8::1', 'IP address'],
    ['[2001:db8::1]', 'IP address'],
    ['0x7f.1', 'IP address'],
    ['2130706433', 'IP address'],
    ['*.example.com', 'wildcard'],
    ['localhost', 'public internet'],
    ['LOCALHOST.', 'public internet'],
    ['status.localhost', 'public internet'],
    ['printer.local', 'public internet'],
    ['metadata.google.internal', 'public internet'],
    ['1.2.0.192.in-addr.arpa', 'public internet'],
    ['co.uk', 'many owners'],
    ['com', 'host name'],
    ['github.io', 'many owners'],
    ['https://status.example.com', 'host name'],
    ['status.example.com/page', 'host name'],
    ['status.example.com:8443', 'host name'],
    ['status..example.com', 'host name'],
    ['_gatehouse.example.com', 'host name'],
    ['-a.example.com', 'host name'],
    ['a b.example.com', 'host name'],
    ['', 'host name'],
  ])('%s is none', (text, because) => {
    expect(parsePublicHostName(text)).toMatchObject({
      accepted: false,
      because: expect.stringContaining(because),
    })
  })

  it('its length is counted in Punycode', () => {
    const label = 'a'.repeat(50)
    const name = `${label}.${label}.example.com`
    expect(publicHostName(name.length).parse(`${name}.`)).toBe(name)
    expect(publicHostName(name.length - 1).safeParse(name).error?.issues[0]?.message).toBe(
      `must be at most ${name.length - 1} characters long`,
    )
  })
})
