import { expect, it } from 'vitest'
import { toDevice } from './to-device.ts'

const like = 'AppleWebKit/537.36 (KHTML, like Gecko)'

it.each<[agent: string, browser: string, system: string]>([
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/126.0.0.0 Safari/537.36`, 'Chrome', 'Windows'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${like} Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0`,
    'Edge',
    'Windows',
  ],
  [`Mozilla/5.0 (X11; Linux x86_64) ${like} Chrome/126.0.0.0 Safari/537.36 OPR/112.0.0.0`, 'Opera', 'Linux'],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
    'Safari',
    'macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/126.0.0.0 Mobile/15E148 Safari/604.1',
    'Chrome',
    'iOS',
  ],
  [
    `Mozilla/5.0 (Linux; Android 14; SM-S921B) ${like} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36`,
    'Samsung Internet',
    'Android',
  ],
  [`Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) ${like} Chrome/126.0.0.0 Safari/537.36`, 'Chrome', 'ChromeOS'],
  [`Mozilla/5.0 (X11; Linux x86_64) ${like} HeadlessChrome/126.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
  ['curl/8.5.0', 'curl', 'unknown'],
  ['node', 'node', 'unknown'],
  ['Mozilla/5.0', 'unknown', 'unknown'],
  ['<script>alert(1)</script>', 'unknown', 'unknown'],
])('%s', (agent, browser, system) => {
  expect(toDevice(agent, '192.0.2.1')).toEqual({ browser, system, network: '192.0.2.0/24' })
})

it('a newer version of a browser is the same device', () => {
  const agent = (version: number) =>
    `Mozilla/5.0 (X11; Linux x86_64) ${like} Chrome/${version}.0.0.0 Safari/537.36`
  expect(toDevice(agent(126), '192.0.2.1')).toEqual(toDevice(agent(127), '192.0.2.254'))
})

it.each<[promise: string, ip: string, network: string]>([
  ['IPv6 counts by /48', '2001:db8:1:2::1', '2001:db8:1::/48'],
  ['the neighbouring /48 is another', '2001:db8:2::1', '2001:db8:2::/48'],
  ['IPv4 in IPv6 is IPv4', '::ffff:192.0.2.7', '192.0.2.0/24'],
  ['what is no address is unknown', 'somewhere', 'unknown'],
])('%s', (_promise, ip, network) => {
  expect(toDevice(undefined, ip)).toEqual({ browser: 'unknown', system: 'unknown', network })
})
