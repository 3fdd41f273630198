import { Secret } from '@gatehouse/kernel/secrets'
import { expect, it } from 'vitest'
import { parseRelay } from './parse-relay.ts'

it('the port follows the scheme unless it is given', () => {
  expect(parseRelay(new Secret('smtp://mail.example.com'))).toMatchObject({ port: 587, implicitTls: false })
  expect(parseRelay(new Secret('smtps://mail.example.com'))).toMatchObject({ port: 465, implicitTls: true })
  expect(parseRelay(new Secret('smtp://mail.example.com:2525')).port).toBe(2525)
})

it('escaped credentials are read back', () => {
  const { credentials } = parseRelay(new Secret('smtps://ann%40example.com:a%2Fb@mail.example.com'))
  expect(credentials?.user).toBe('ann@example.com')
  expect(credentials?.password.reveal()).toBe('a/b')
})

it.each(['http://mail.example.com', 'mail.example.com', 'smtp://'])(
  '%s is refused without being quoted',
  (url) => {
    expect(() => parseRelay(new Secret(url))).toThrow(/^SMTP_URL must look like/)
  },
)
