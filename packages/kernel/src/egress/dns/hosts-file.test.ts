import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/index.ts'
import { openHostsFile, parseHosts, toHostsPath } from './hosts-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'gatehouse-hosts-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('the table of hosts', () => {
  it('gives a name every address of its lines, whatever the case, blanks and comments', () => {
    const text = [
      '# 192.0.2.9 commented.test',
      '192.0.2.1\tSite.Test  alias # 192.0.2.9',
      '  2001:db8::1 site.test.',
      '192.0.2.1 site.test',
      'nonsense site.test',
      '',
    ].join('\r\n')
    expect(Object.fromEntries(parseHosts(text))).toEqual({
      'site.test': ['192.0.2.1', '2001:db8::1'],
      alias: ['192.0.2.1'],
    })
  })

  it('is read again when it has changed, at most every five seconds', () => {
    const path = join(folder, 'hosts')
    const clock = fakeClock()
    const hosts = openHostsFile(path, clock)
    expect(hosts.find('site.test')).toEqual([])
    writeFileSync(path, '192.0.2.1 site.test')
    clock.advance(4_999)
    expect(hosts.find('site.test')).toEqual([])
    clock.advance(1)
    expect(hosts.find('site.test')).toEqual(['192.0.2.1'])
    writeFileSync(path, '192.0.2.2 site.test')
    utimesSync(path, 1, 1)
    clock.advance(5_000)
    expect(hosts.find('site.test')).toEqual(['192.0.2.2'])
    rmSync(path)
    clock.advance(5_000)
    expect(hosts.find('site.test')).toEqual([])
  })

  it.each(['localhost', 'api.localhost'])(
    '%s is this machine, unless the table says otherwise',
    (hostname) => {
      const path = join(folder, 'localhost')
      const clock = fakeClock()
      const hosts = openHostsFile(path, clock)
      expect(hosts.find(hostname)).toEqual(['127.0.0.1', '::1'])
      writeFileSync(path, `127.0.0.2 ${hostname}`)
      clock.advance(5_000)
      expect(hosts.find(hostname)).toEqual(['127.0.0.2'])
      rmSync(path)
    },
  )

  it('lies where each system keeps it', () => {
    expect(toHostsPath({}, 'linux')).toBe('/etc/hosts')
    expect(toHostsPath({ SystemRoot: 'D:' }, 'win32')).toMatch(/^D:.System32.drivers.etc.hosts$/)
  })
})
