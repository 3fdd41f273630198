import type { NewMonitor } from '@gatehouse/sdk'

/** Parses a pasted monitoring target: a URL, a bare domain, or host:port. Undefined if it is none of them. */
export function parseTarget(pasted: string): NewMonitor | undefined {
  const text = pasted.trim()
  const [, hostname, port] = /^(?:tcp:\/\/)?([\w.-]+|\[[\da-f:]+\]):(\d{1,5})$/i.exec(text) ?? []
  if (hostname !== undefined) return { type: 'tcp', config: { hostname, port: Number(port) } }
  const url = URL.parse(/^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  if (url === null || !/^https?:$/.test(url.protocol) || !url.hostname.includes('.')) {
    return url?.hostname === 'localhost' ? { type: 'http', config: { url: url.href } } : undefined
  }
  return { type: 'http', config: { url: url.href } }
}
