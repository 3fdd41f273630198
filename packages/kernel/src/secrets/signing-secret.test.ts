import { describe, expect, it } from 'vitest'
import { judgeSigningSecret, signingKeyOf } from './signing-secret.ts'

const whsec = (bytes: number, fill = 0xfb): string => `whsec_${Buffer.alloc(bytes, fill).toString('base64')}`

describe('a secret that a customer brings', () => {
  it.each([24, 25, 26, 32, 63, 64])('may hold %i bytes after whsec_', (bytes) =>
    expect(judgeSigningSecret(whsec(bytes))).toBeUndefined(),
  )

  it.each([0, 1, 16, 23, 65, 100])('may not hold %i bytes', (bytes) =>
    expect(judgeSigningSecret(whsec(bytes))).toBe('must hold 24 to 64 bytes after whsec_'),
  )

  it.each([
    ['another alphabet', 'whsec_!!!!'],
    ['the alphabet of URLs', whsec(26).replaceAll('+', '-')],
    ['no padding', whsec(25).replaceAll('=', '')],
    ['half the padding', whsec(25).replace('==', '=')],
    ['too much padding', `${whsec(24)}=`],
    ['padding in the middle', `${whsec(25)}AAAA`],
    ['a blank behind it', `${whsec(32)} `],
    ['a line break in it', whsec(32).replace('+', '\n+')],
    ['bits beyond its last byte', `whsec_${'A'.repeat(34)}B=`],
    ['its prefix twice', `whsec_${whsec(32)}`],
  ])('is refused with %s', (_what, text) =>
    expect(judgeSigningSecret(text)).toBe('must be base64, padded, after whsec_'),
  )

  it.each(['a'.repeat(16), '秘'.repeat(16), 'a'.repeat(500), 'with a blank inside', 'WHSEC_not the prefix'])(
    'may be plain: %s',
    (text) => expect(judgeSigningSecret(text)).toBeUndefined(),
  )

  it.each(['', 'a'.repeat(15), '😀'.repeat(15), 'a'.repeat(501)])('is refused for its length: %s', (text) =>
    expect(judgeSigningSecret(text)).toBe('must be 16 to 500 characters long'),
  )

  it.each([' ', '\t', '\n', '\u00a0', '\u3000', '\u200b', '\ufeff', '\u0007'])(
    'is refused with a blank at an end: %j',
    (blank) => {
      const secret = 'a secret of sixteen'
      for (const text of [`${blank}${secret}`, `${secret}${blank}`])
        expect(judgeSigningSecret(text)).toBe('must not begin or end with a blank')
    },
  )

  it('is refused where a database could not hold it', () => {
    for (const text of [`${'a'.repeat(16)}\0b`, `${'a'.repeat(16)}\ud800b`])
      expect(judgeSigningSecret(text)).toBe('must not contain U+0000 or half a character')
  })
})

it.each(['whsec_', 'whsec_!!!!', ''])('nothing is ever signed with the empty key: %j', (text) =>
  expect(() => signingKeyOf(text)).toThrow('no key'),
)
