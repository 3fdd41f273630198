import { readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { join } from 'node:path'
import type { Clock } from '../../clock/index.ts'

/** The hosts file of the machine: the addresses of a name, or none. */
export type HostsFile = { readonly find: (hostname: string) => readonly string[] }

const lookAgainMs = 5_000

/** Reads the file at the first look-up and whenever it has changed; a missing file counts as empty. */
export function openHostsFile(path: string, clock: Clock): HostsFile {
  let hosts: ReadonlyMap<string, readonly string[]> = new Map()
  let changedAtMs = Number.NaN
  let lookAtMs = Number.NEGATIVE_INFINITY
  const refresh = (): void => {
    const nowMs = clock.monotonic()
    if (nowMs < lookAtMs) return
    lookAtMs = nowMs + lookAgainMs
    const mtimeMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs
    if (mtimeMs === changedAtMs) return
    hosts = mtimeMs === undefined ? new Map() : parseHosts(readFileSync(path, 'utf8'))
    changedAtMs = mtimeMs ?? Number.NaN
  }
  return {
    find: (hostname) => {
      refresh()
      return hosts.get(hostname) ?? (isLocalhost(hostname) ? loopback : [])
    },
  }
}

export function toHostsPath(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  return platform === 'win32'
    ? join(env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'drivers', 'etc', 'hosts')
    : '/etc/hosts'
}

/** The format of hosts(5): an address, then its names, up to a `#`; a name may be on several lines. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const hosts = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (isIP(address) === 0) continue
    for (const name of names) {
      const hostname = name.toLowerCase().replace(/\.$/, '')
      const known = hosts.get(hostname) ?? []
      if (!known.includes(address)) hosts.set(hostname, [...known, address])
    }
  }
  return hosts
}

const loopback: readonly string[] = ['127.0.0.1', '::1']

/** RFC 6761 §6.3: `localhost` and names below it are never sent to a name server. */
function isLocalhost(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost')
}
