import { domainToASCII } from 'node:url'
import { describe, expect, it } from 'vitest'
import { showHost } from './show-host.ts'

describe('a-host-is-shown-in-its-script-where-that-is-safe', () => {
  it.each([
    'münchen.example',
    'łódź.example',
    'пример.example',
    'παράδειγμα.example',
    '例え.テスト',
    '한국어.example',
    'مثال.example',
    'उदाहरण.example',
    'xn.example',
    'münchen.example:8443',
  ])('%s is shown as that', (host) => {
    const [name = '', port] = host.split(':')
    const stored = [domainToASCII(name), port].filter((part) => part !== undefined).join(':')
    expect(showHost(stored)).toBe(host)
  })

  it.each<[what: string, host: string]>([
    ['Cyrillic among Latin', 'pаypal.example'],
    ['Greek among Latin', 'gοogle.example'],
    ['a word of Cyrillic letters that all look Latin', 'аррӏе.example'],
    ['Latin letters of no language in common use', 'ɡoogle.example'],
    ['Latin beside Japanese', 'shopの.example'],
    ['Hebrew beside Arabic', 'אمثال.example'],
  ])('%s stays in Punycode', (_what, host) => {
    const stored = domainToASCII(host)
    // Some are no names at all, and then nothing is stored that could be shown.
    expect(showHost(stored)).toBe(stored)
  })

  it.each([
    'xn--.example',
    'xn--a.example',
    'xn--999999999.example',
    '192.0.2.1:80',
    '[2001:db8::1]:443',
    '',
  ])('what is no such name stays as it is: %s', (host) => expect(showHost(host)).toBe(host))
})
