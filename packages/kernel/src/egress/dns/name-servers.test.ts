import { describe, expect, it } from 'vitest'
import { parseNameServers, readMachineNameServers } from './name-servers.ts'

describe('name servers', () => {
  it.each([
    ['192.0.2.53', [{ address: '192.0.2.53', port: 53 }]],
    ['192.0.2.53:5353', [{ address: '192.0.2.53', port: 5353 }]],
    ['2001:db8::53', [{ address: '2001:db8::53', port: 53 }]],
    ['[2001:db8::53]', [{ address: '2001:db8::53', port: 53 }]],
    ['[2001:db8::53]:65535', [{ address: '2001:db8::53', port: 65_535 }]],
    ['fe80::1%eth0', [{ address: 'fe80::1%eth0', port: 53 }]],
    [
      ' 192.0.2.53 ,[::1]:1',
      [
        { address: '192.0.2.53', port: 53 },
        { address: '::1', port: 1 },
      ],
    ],
    ['', []],
  ])('%j is read', (text, servers) => expect(parseNameServers(text)).toEqual(servers))

  it.each([
    'dns.example.com',
    '192.0.2',
    '192.0.2.53:',
    '[192.0.2.53',
    '::1]:53',
    '192.0.2.53:123456',
    '[::1]x',
  ])('%j is refused by its name', (text) => {
    expect(() => parseNameServers(`192.0.2.1, ${text}`)).toThrow(`"${text}" is not a name server`)
  })

  it.each(['192.0.2.53:0', '[::1]:65536'])('%j has no port of that number', (text) => {
    expect(() => parseNameServers(text)).toThrow(`The name server "${text}" has a port outside 1 to 65535.`)
  })

  it('an empty entry is refused', () => {
    expect(() => parseNameServers('192.0.2.53,')).toThrow('"" is not a name server')
  })

  it("the machine's own are readable", () => {
    expect(readMachineNameServers().length).toBeGreaterThan(0)
  })
})
