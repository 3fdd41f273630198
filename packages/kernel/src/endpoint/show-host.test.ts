import { domainToASCII } from 'node:url'
import { describe, expect, it } from 'vitest'
import { showHost, showUrl } from './show-host.ts'

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
    // Some are no valid names, and then nothing is stored that could be shown.
    expect(showHost(stored)).toBe(stored)
  })

  it('what was kept as it was typed is judged in the same way', () => {
    expect(showHost('MÜNCHEN.example')).toBe('münchen.example')
    expect(showHost('pаypal.example')).toBe('xn--pypal-4ve.example')
    expect(showHost('XN--MNCHEN-3YA.example')).toBe('münchen.example')
  })

  it.each([
    ['https://xn--mnchen-3ya.example/a?b#c', 'https://münchen.example/a?b#c'],
    ['https://münchen.example', 'https://münchen.example/'],
    [
      'https://u:p@xn--mnchen-3ya.example:8443/xn--mnchen-3ya',
      'https://u:p@münchen.example:8443/xn--mnchen-3ya',
    ],
    ['https://pаypal.example/', 'https://xn--pypal-4ve.example/'],
    ['https://xn--pypal-4ve.example/', 'https://xn--pypal-4ve.example/'],
    ['https://ｅxample.com/', 'https://example.com/'],
    ['https://hooks.example.com', 'https://hooks.example.com'],
    ['https://192.0.2.1:8443/x', 'https://192.0.2.1:8443/x'],
    ['no URL', 'no URL'],
  ])('the URL %s is shown as %s', (url, shown) => expect(showUrl(url)).toBe(shown))

  it.each([
    'xn--.example',
    'xn--a.example',
    'xn--999999999.example',
    '192.0.2.1:80',
    '[2001:db8::1]:443',
    '',
  ])('what is no such name stays as it is: %s', (host) => expect(showHost(host)).toBe(host))
})
