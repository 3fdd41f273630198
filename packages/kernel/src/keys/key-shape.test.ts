import { expect, it } from 'vitest'
import { type KeyShapes, mintKey, parseKey } from './key-shape.ts'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const uptime = {
  prefixes: ['mk_'],
  alphabet: '0123456789abcdef',
  bodyLength: 64,
  visibleLength: 11,
  check: null,
}
const oversight = {
  prefixes: ['ck_live_', 'ck_test_'],
  alphabet: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  bodyLength: 26,
  visibleLength: 16,
  check: null,
}
const volatility = {
  prefixes: ['ak_'],
  alphabet: base62,
  bodyLength: 32,
  visibleLength: 11,
  check: { algorithm: 'crc-32', length: 6 },
} as const
const shapes: KeyShapes = { uptime, oversight, volatility }

const known = 'ak_0123456789ABCDEFGHIJKLMNOPQRSTUV1Wf1r1'

it('the known answer of the volatility key is met', () => {
  expect(mintKey(volatility, 'ak_', (bytes) => Uint8Array.from({ length: bytes }, (_, index) => index))).toBe(
    known,
  )
  expect(parseKey(shapes, known)).toEqual({ service: 'volatility', prefix: 'ak_', visible: 'ak_01234567' })
})

it.each([
  ['uptime', uptime, 'mk_', /^mk_[0-9a-f]{64}$/],
  ['oversight', oversight, 'ck_live_', /^ck_live_[0-9A-HJKMNP-TV-Z]{26}$/],
  ['oversight', oversight, 'ck_test_', /^ck_test_[0-9A-HJKMNP-TV-Z]{26}$/],
  ['volatility', volatility, 'ak_', /^ak_[0-9A-Za-z]{38}$/],
])('a new %s key has its exact form and is read back', (service, shape, prefix, form) => {
  const text = mintKey(shape, prefix)
  expect(text).toMatch(form)
  expect(parseKey(shapes, text)).toEqual({ service, prefix, visible: text.slice(0, shape.visibleLength) })
})

it.each([
  ['one character short', `mk_${'a'.repeat(63)}`],
  ['one character long', `mk_${'a'.repeat(65)}`],
  ['upper-case hexadecimal', `mk_${'A'.repeat(64)}`],
  ['a letter that Crockford leaves out', `ck_live_${'0'.repeat(25)}U`],
  ['lower-case Crockford', `ck_live_${'a'.repeat(26)}`],
  ['an unknown literal', `xk_${'a'.repeat(64)}`],
  ['a literal alone', 'mk_'],
  ['a blank at the end', `mk_${'a'.repeat(63)} `],
  ['nothing', ''],
  ['a wrong check', `${known.slice(0, -1)}2`],
  ['a changed body under the old check', known.replace('ak_0', 'ak_1')],
])('no key is seen in %s', (_what, text) => expect(parseKey(shapes, text)).toBeUndefined())

it('bytes that would favour some characters are drawn again', () => {
  // 248 = 4 × 62: from there on a byte is refused.
  const drawn = [248, 255, 247]
  const text = mintKey({ ...volatility, bodyLength: 1 }, 'ak_', () => Uint8Array.of(drawn.shift() ?? 0))
  expect(text.charAt(3)).toBe('z')
})

it('a literal of another shape is not minted', () => {
  expect(() => mintKey(uptime, 'ak_')).toThrow('ak_')
})
