import { expect, it } from 'vitest'
import { emailAddress, parseEmail, showEmail } from './email-address.ts'

it.each([
  ['user@example.com', 'user@example.com'],
  ['a&b@example.com', 'a&b@example.com'],
  ["o'brien+tag@example.com", "o'brien+tag@example.com"],
  ["!#$%&'*+/=?^_`{|}~-@example.com", "!#$%&'*+/=?^_`{|}~-@example.com"],
  ['a.b.c@example.com', 'a.b.c@example.com'],
  ['User@EXAMPLE.com', 'User@example.com'],
  ['user@münchen.de', 'user@xn--mnchen-3ya.de'],
  ['user@MÜNCHEN.de', 'user@xn--mnchen-3ya.de'],
  ['user@mu\u0308nchen.de', 'user@xn--mnchen-3ya.de'],
  ['user@例え.テスト', 'user@xn--r8jz45g.xn--zckzah'],
  ['user@xn--mnchen-3ya.de', 'user@xn--mnchen-3ya.de'],
  ['user@例え。jp', 'user@xn--r8jz45g.jp'],
  ['  user@example.com ', 'user@example.com'],
  ['u@3com.com', 'u@3com.com'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
])('%s is an address', (given, address) => {
  expect(emailAddress.parse(given)).toBe(address)
})

it.each([
  ['', 'must be an e-mail address'],
  ['user', 'must be an e-mail address'],
  ['@example.com', 'must be an e-mail address'],
  ['user@', 'must be an e-mail address'],
  ['a..b@example.com', 'must be an e-mail address'],
  ['.a@example.com', 'must be an e-mail address'],
  ['a.@example.com', 'must be an e-mail address'],
  ['a b@example.com', 'must be an e-mail address'],
  ['a@b@example.com', 'must be an e-mail address'],
  ['a,b@example.com', 'must be an e-mail address'],
  ['a\r\nBcc: b@example.com', 'must be an e-mail address'],
  ['Ann <ann@example.com>', 'must be an e-mail address'],
  ['"a b"@example.com', 'must be an e-mail address without quotes before the @'],
  ['用户@example.com', 'must have only ASCII characters before the @, since few mail servers take others'],
  ['user@[192.0.2.1]', 'must name a domain after the @, not an address in brackets'],
  ['user@localhost', 'must name a domain such as example.com after the @'],
  ['user@192.0.2.1', 'must name a domain such as example.com after the @'],
  ['user@0x7f.1', 'must name a domain such as example.com after the @'],
  ['user@example.com.', 'must name a domain such as example.com after the @'],
  ['user@ex%61mple.com', 'must name a domain such as example.com after the @'],
  ['user@example.com/path', 'must name a domain such as example.com after the @'],
  ['user@example.com:25', 'must name a domain such as example.com after the @'],
  ['user@-a.com', 'must name a domain such as example.com after the @'],
  ['user@a_b.com', 'must name a domain such as example.com after the @'],
  [`user@${'a'.repeat(64)}.com`, 'must name a domain such as example.com after the @'],
  [`${'a'.repeat(65)}@example.com`, 'must have at most 64 characters before the @'],
  [`user@${'abcdefgh.'.repeat(28)}com`, 'must be at most 254 characters long'],
])('%s is none, and the refusal says why', (given, because) => {
  expect(parseEmail(given)).toEqual({ accepted: false, because })
})

it('a domain is shown in its own script, and one that is none as it is', () => {
  expect(showEmail('user@xn--mnchen-3ya.de')).toBe('user@münchen.de')
  expect(showEmail('a&b@example.com')).toBe('a&b@example.com')
})
