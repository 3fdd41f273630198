import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientAddress } from './client-address.ts'

let server: Server
let origin: string

beforeAll(async () => {
  server = createServer((request, response) =>
    response.end(clientAddress(request, Number(request.headers['hops'] ?? 1))),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // Safe: it listens on a port.
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.close()
  server.closeAllConnections()
})

const peer = '127.0.0.1'

describe('a-caller-behind-a-proxy-is-counted-by-its-address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['203.0.113.7:5678', '203.0.113.7'],
    ['203.0.113.7:', peer],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]', '2001:db8::1'],
    ['[2001:db8::1]:5678', '2001:db8::1'],
    ['[203.0.113.7]:5678', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['[::FFFF:203.0.113.7]:80', '203.0.113.7'],
    ['::ffff:cb00:7107', '203.0.113.7'],
    ['::FFFF:CB00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:cb00:7107', '203.0.113.7'],
    ['0000:0000:0000:0000:0000:ffff:cb00:7107', '203.0.113.7'],
    ['0::ffff:203.0.113.7', '203.0.113.7'],
    ['::ffff:cb00:7107%eth0', '203.0.113.7'],
    ['[::ffff:cb00:7107]', '203.0.113.7'],
    ['[0:0:0:0:0:FFFF:203.0.113.7]:5678', '203.0.113.7'],
    ['[::ffff:cb00:7107%eth0]:5678', '203.0.113.7'],
    ['::cb00:7107', '::cb00:7107'],
    ['::ffff:0:cb00:7107', '::ffff:0:cb00:7107'],
    ['2001:db8::ffff:cb00:7107', '2001:db8::ffff:cb00:7107'],
    ['::ffff:203.0.113.256', peer],
    ['fe80::1%eth0', 'fe80::1'],
    ['198.51.100.1, 203.0.113.7:1', '203.0.113.7'],
    ['198.51.100.1,203.0.113.7 ', '203.0.113.7'],
    ['198.51.100.1, ', peer],
    ['', peer],
    ['unknown', peer],
    ['_hidden:80', peer],
    ['203.0.113.7:80:90', peer],
    ['203.0.113.256', peer],
    ['203.0.113', peer],
    ['0xcb.0.113.7', peer],
    ['203.0.113.07', peer],
    ['[2001:db8::1', peer],
    ['2001:db8::1]:80', peer],
    ['[[2001:db8::1]]:80', peer],
    ['"203.0.113.7"', peer],
    ['for=203.0.113.7', peer],
    ['203.0.113.7\t;drop', peer],
  ])('X-Forwarded-For: %s is %s', async (forwarded, expected) => {
    const response = await fetch(origin, { headers: { 'x-forwarded-for': forwarded } })
    expect(await response.text()).toBe(expected)
  })

  it.each([
    ['nothing is trusted without hops', { hops: '0', 'x-forwarded-for': '203.0.113.7' }, peer],
    [
      'two hops are counted from the end',
      { hops: '2', 'x-forwarded-for': '192.0.2.1:9, 198.51.100.2:8' },
      '192.0.2.1',
    ],
    ['fewer entries than hops', { hops: '3', 'x-forwarded-for': '192.0.2.1, 198.51.100.2' }, peer],
    ['Forwarded alone says nothing', { forwarded: 'for=203.0.113.7' }, peer],
    [
      'Forwarded beside it says nothing',
      { forwarded: 'for=203.0.113.7', 'x-forwarded-for': '192.0.2.1' },
      '192.0.2.1',
    ],
  ])('%s', async (_what, headers, expected) => {
    const response = await fetch(origin, { headers: { ...headers } as Record<string, string> })
    expect(await response.text()).toBe(expected)
  })
})
